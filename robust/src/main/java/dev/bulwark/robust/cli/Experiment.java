package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.eval.AttackResult;
import dev.bulwark.robust.eval.Evaluator;
import dev.bulwark.robust.eval.ModelResult;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.method.SavedMethod;
import dev.bulwark.robust.method.Setup;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One model from pre-trained weights to figures: trained, measured on clean text, attacked.
 *
 * @param name how the model is called in reports
 * @param description one line on how it is trained
 * @param model pre-trained encoder, by any name
 * @param method training method, or several joined by "+"
 * @param options of the method
 * @param settings numbers of the run
 */
record Experiment(
    String name,
    String description,
    String model,
    String method,
    Map<String, String> options,
    TrainSettings settings) {
  /**
   * What models are trained and measured on.
   *
   * @param labels the classes
   * @param train to train on
   * @param dev to choose the epoch by
   * @param test to measure clean accuracy on
   * @param attacked to attack
   */
  record Data(
      Labels labels,
      List<Example> train,
      List<Example> dev,
      List<Example> test,
      List<Example> attacked) {}

  /** Trains to the end, going on where the folder's run was stopped. */
  void train(Data data, RunFolder folder, TrainingView view, AttackOptions attack, boolean quiet)
      throws IOException {
    Recipe recipe = Methods.recipe(method, options);
    try (Checkpoint pretrained = ModelFolder.open(model)) {
      Rng fresh = Rng.seed(settings.seed()).split("model");
      Classifier classifier = recipe.onTopOf(pretrained, data.labels(), fresh);
      classifier = classifier.with(SavedMethod.note(classifier.config(), method, options));
      Setup.Adversary adversary =
          attack.adversary(
              data.labels(),
              settings.maxLength(),
              folder.file("augment.jsonl"),
              settings.seed(),
              quiet);
      new Trainer(classifier, recipe, settings, Optional.of(adversary))
          .fit(data.train(), data.dev(), folder, TrainCommand.both(folder.metrics(), view));
    }
  }

  /** Measures and attacks the best epoch's model. */
  ModelResult measure(
      Data data,
      RunFolder folder,
      TrainingView view,
      AttackOptions attack,
      AttackResources resources,
      boolean quiet)
      throws IOException {
    Predictor victim =
        ModelFolder.trained(folder.model().toString()).predictor(settings.maxLength());
    float[][] clean = Evaluator.probabilities(victim, data.test(), done -> {});
    AttackResult attacked =
        attack.attack(
            name,
            victim,
            resources,
            data.attacked(),
            folder.file("outcomes.jsonl"),
            settings.seed(),
            quiet);
    return ModelResult.of(
        name,
        description,
        data.labels().names(),
        Evaluator.labels(data.test()),
        clean,
        List.of(attacked),
        view.curve());
  }
}
