package dev.bulwark.robust.method;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.ModelPredictor;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A method with its settings, not yet tied to a model: which model it trains, how, and how the
 * trained model predicts.
 *
 * @param name of the method, or of the methods it combines
 * @param tuning ties the method to a model
 * @param maker makes the model, if it is not a classification head on an encoder
 * @param serving predicts, if not by the model's plain softmax
 */
public record Recipe(
    String name,
    Function<Setup, Tuning> tuning,
    Optional<ModelMaker> maker,
    Optional<Serving> serving) {
  /** Makes a model other than a classification head on an encoder. */
  public interface ModelMaker {
    /** The model on pre-trained weights, untrained. */
    Classifier onTopOf(Checkpoint pretrained, Labels labels, Rng rng) throws IOException;

    /** The model that was trained and saved. */
    Classifier open(Checkpoint trained) throws IOException;
  }

  /** Makes a predictor other than the model's plain softmax. */
  public interface Serving {
    /** The predictor for use and for attacks. */
    Predictor predictor(Classifier classifier, int maxLength);

    /** A cheaper one for the evaluation of each epoch. */
    default Predictor forDevelopment(Classifier classifier, int maxLength) {
      return predictor(classifier, maxLength);
    }
  }

  /** A method that needs no more than an objective. */
  public static Recipe of(Objective objective) {
    Tuning tuning =
        new Tuning() {
          @Override
          public Optional<Objective> objective() {
            return Optional.of(objective);
          }
        };
    return tuned(setup -> tuning);
  }

  /** A method that adds terms to each pass, of whatever objective. */
  public static Recipe terms(PassTerm... terms) {
    List<PassTerm> all = List.of(terms);
    return tuned(setup ->
        new Tuning() {
          @Override
          public List<PassTerm> passTerms() {
            return all;
          }
        });
  }

  /** A method with any parts. */
  public static Recipe tuned(Function<Setup, Tuning> tuning) {
    return new Recipe("", tuning, Optional.empty(), Optional.empty());
  }

  /** The same under a name. */
  public Recipe named(String newName) {
    return new Recipe(newName, tuning, maker, serving);
  }

  /** The same with a model of its own. */
  public Recipe with(ModelMaker newMaker) {
    return new Recipe(name, tuning, Optional.of(newMaker), serving);
  }

  /** The same with a predictor of its own. */
  public Recipe with(Serving newServing) {
    return new Recipe(name, tuning, maker, Optional.of(newServing));
  }

  /**
   * Several methods in one run.
   *
   * @param parts the methods
   * @return all of them
   * @throws IllegalArgumentException if two choose the model, or how it predicts
   */
  public static Recipe combine(List<Recipe> parts) {
    String name = parts.stream().map(Recipe::name).collect(Collectors.joining("+"));
    return new Recipe(
        name,
        setup -> new CombinedTuning(parts, parts.stream().map(p -> p.tuning.apply(setup)).toList()),
        only(parts, Recipe::maker, "choose the model"),
        only(parts, Recipe::serving, "say how the trained model predicts"));
  }

  private static <T> Optional<T> only(
      List<Recipe> parts, Function<Recipe, Optional<T>> part, String what) {
    List<Recipe> having = parts.stream().filter(r -> part.apply(r).isPresent()).toList();
    if (having.size() > 1) {
      throw new IllegalArgumentException(
          having.stream().map(Recipe::name).collect(Collectors.joining(" and "))
              + " cannot be combined: both "
              + what
              + "; leave one out");
    }
    return having.isEmpty() ? Optional.empty() : part.apply(having.getFirst());
  }

  /** The model to train. */
  public Classifier onTopOf(Checkpoint pretrained, Labels labels, Rng rng) throws IOException {
    return maker.isPresent()
        ? maker.get().onTopOf(pretrained, labels, rng)
        : Classifier.onTopOf(pretrained, labels, rng);
  }

  /** A model that this recipe trained. */
  public Classifier open(Checkpoint trained) throws IOException {
    return maker.isPresent() ? maker.get().open(trained) : Classifier.open(trained);
  }

  /** Predicts with a model that this recipe trained. */
  public Predictor predictor(Classifier classifier, int maxLength) {
    return serving
        .map(s -> s.predictor(classifier, maxLength))
        .orElseGet(() -> new ModelPredictor(classifier, maxLength));
  }

  /** Predicts during training. */
  public Predictor developmentPredictor(Classifier classifier, int maxLength) {
    return serving
        .map(s -> s.forDevelopment(classifier, maxLength))
        .orElseGet(() -> new ModelPredictor(classifier, maxLength));
  }
}
