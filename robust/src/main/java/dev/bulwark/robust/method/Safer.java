package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.lexicon.NeighborTable;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.RandomSynonyms;
import dev.bulwark.robust.perturb.TokenSynonyms;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.SynonymVotePredictor;
import java.util.List;

/**
 * Smoothing by synonyms, in the manner of SAFER (Ye, Gong and Liu, "SAFER: A structure-free
 * approach for certified robustness to adversarial word substitutions", ACL 2020): each batch's
 * words are replaced at random by synonyms, and a prediction is the vote of random replacements.
 *
 * <p>Follows the published algorithm, not its code. Replacements are single tokens of the bundled
 * counter-fitted neighbours, where the paper replaces words within sets grown from all such
 * neighbours. The certificate of the paper is not computed.
 */
final class Safer implements Tuning {
  static final Method METHOD =
      new Method(
          "safer",
          "Replaces words by random synonyms; predicts by the vote of random replacements.",
          "Ye, Gong and Liu, ACL 2020",
          List.of(
              Option.number(
                  "probability",
                  1,
                  "that a word is drawn anew from itself and its synonyms, 0 to 1"),
              Option.whole("synonyms", 8, "most synonyms of a word, 1 or more"),
              Option.whole("votes", 20, "random replacements of a prediction, 1 or more"),
              Option.choice(
                  "vote-type",
                  "majority",
                  "a class's probability: its share of the votes (published), or the mean",
                  "majority",
                  "mean"),
              Option.whole("seed", 0, "of a prediction's replacements, which depend on the text")),
          Safer::recipe);

  private final RandomSynonyms synonyms;

  private Safer(RandomSynonyms synonyms) {
    this.synonyms = synonyms;
  }

  private static Recipe recipe(Settings s) {
    double probability = s.share("probability");
    int most = s.atLeast(1, "synonyms");
    return Recipe.tuned(setup -> new Safer(synonyms(setup.classifier(), most, probability)))
        .with(
            new Serving(
                most,
                probability,
                s.atLeast(1, "votes"),
                s.text("vote-type").equals("majority"),
                s.whole("seed")));
  }

  private static RandomSynonyms synonyms(Classifier c, int most, double probability) {
    return new RandomSynonyms(
        TokenSynonyms.of(c.tokenizer(), NeighborTable.bundled(), most, true), probability);
  }

  /** How a trained model predicts; of an epoch's development data, by one replacement. */
  private record Serving(int most, double probability, int votes, boolean majority, long seed)
      implements Recipe.Serving {
    @Override
    public Predictor predictor(Classifier classifier, int maxLength) {
      return predictor(classifier, maxLength, votes, majority);
    }

    @Override
    public Predictor forDevelopment(Classifier classifier, int maxLength) {
      return predictor(classifier, maxLength, 1, false);
    }

    private Predictor predictor(Classifier c, int maxLength, int passes, boolean shares) {
      return new SynonymVotePredictor(
          c, maxLength, synonyms(c, most, probability), passes, shares, seed);
    }
  }

  @Override
  public Objective wrap(Objective inner) {
    return new Objective() {
      @Override
      public Result gradients(Step step) {
        Batch b = step.batch();
        return inner.gradients(
            step.with(
                new Batch(synonyms.on(b.tokens(), step.draws(), "safer"), b.focus(), b.labels())));
      }

      @Override
      public boolean takesTerms() {
        return inner.takesTerms();
      }
    };
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(METHOD);
    }
  }
}
