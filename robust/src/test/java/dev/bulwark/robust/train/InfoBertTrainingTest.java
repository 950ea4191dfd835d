package dev.bulwark.robust.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.predict.Classifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** InfoBERT on an encoder that knows the task's words, under a new head. */
class InfoBertTrainingTest {
  @TempDir static Path shared;
  @TempDir Path temp;

  @BeforeAll
  static void pretrain() throws IOException {
    Classifier classifier = Tiny.classifier(Tiny.encoder(shared.resolve("random")));
    run(classifier, "standard", Map.of(), 10, shared.resolve("first"), false, new Log(0));
  }

  /** What a run reads; stops it as if killed after a step, if that is above 0. */
  private static final class Log implements TrainListener {
    final List<EpochReading> epochs = new ArrayList<>();
    final List<StepReading> steps = new ArrayList<>();
    private final int killedAt;

    Log(int killedAt) {
      this.killedAt = killedAt;
    }

    @Override
    public void onStep(StepReading s) {
      steps.add(s);
      if (s.step() == killedAt) {
        throw new IllegalStateException("killed");
      }
    }

    @Override
    public void onEpoch(EpochReading e) {
      epochs.add(e);
    }
  }

  /** Trains for some epochs of 6 steps, with a snapshot every 4. */
  private static float[][] run(
      Classifier classifier,
      String method,
      Map<String, String> options,
      int epochs,
      Path out,
      boolean resume,
      Log log)
      throws IOException {
    TrainSettings settings =
        new TrainSettings(epochs, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 64, 0, 4, 42);
    Recipe recipe = Methods.recipe(method, options);
    try (RunFolder folder = RunFolder.open(out, settings.named(), resume)) {
      new Trainer(classifier, recipe, settings)
          .fit(Tiny.examples(96, 1), Tiny.examples(32, 2), folder, log);
    }
    return classifier.model().parameters().values().stream()
        .map(p -> p.value().toFloats())
        .toArray(float[][]::new);
  }

  private float[][] run(String version, int epochs, String out, boolean resume, Log log)
      throws IOException {
    Classifier classifier = Tiny.classifier(shared.resolve("first").resolve("model"));
    Map<String, String> options = Map.of("version", version, "adv-steps", "2");
    return run(classifier, "infobert", options, epochs, temp.resolve(out), resume, log);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "1"})
  void learnsTheTask(String version) throws IOException {
    Log log = new Log(0);
    run(version, 5, "run", false, log);
    List<Double> losses = log.epochs.stream().map(e -> e.trainLoss()).toList();
    assertTrue(losses.getLast() < 0.4 * losses.getFirst(), "losses " + losses);
    double accuracy = log.epochs.getLast().devAccuracy();
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    if (version.equals("6")) {
      double before = log.steps.getFirst().readings().getOrDefault("upper_bound", Double.NaN);
      double after = log.steps.getLast().readings().getOrDefault("upper_bound", Double.NaN);
      assertTrue(after < 0.6 * before, "upper bound " + before + " to " + after);
    }
  }

  /** Version 6 has a critic, version 1 an estimator with moments of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"6", "1"})
  void aKilledRunGoesOnToTheSameBits(String version) throws IOException {
    float[][] whole = run(version, 2, "whole", false, new Log(0));
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> run(version, 2, "cut", false, new Log(7)));
    assertEquals("killed", e.getMessage());
    assertArrayEquals(whole, run(version, 2, "cut", true, new Log(0)));
  }
}
