package dev.bulwark.robust.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.predict.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfoBertTrainingTest {
  private static final List<Example> TRAIN = Tiny.examples(96, 1);
  private static final List<Example> DEV = Tiny.examples(32, 2);

  @TempDir Path temp;

  /** Trains for some epochs of 6 steps; stops as if killed after a step, if that is above 0. */
  private float[][] run(
      String name,
      String version,
      int epochs,
      boolean resume,
      int killedAt,
      List<Double> accuracies)
      throws IOException {
    Path encoder = temp.resolve("encoder");
    Classifier classifier =
        Tiny.classifier(Files.exists(encoder) ? encoder : Tiny.encoder(encoder));
    TrainSettings settings =
        new TrainSettings(epochs, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 64, 0, 4, 42);
    TrainListener listener =
        new TrainListener() {
          @Override
          public void onStep(StepReading s) {
            if (s.step() == killedAt) {
              throw new IllegalStateException("killed");
            }
          }

          @Override
          public void onEpoch(EpochReading e) {
            accuracies.add(e.devAccuracy());
          }
        };
    try (RunFolder folder = RunFolder.open(temp.resolve(name), settings.named(), resume)) {
      new Trainer(
              classifier,
              Methods.recipe("infobert", Map.of("version", version, "adv-steps", "2")),
              settings)
          .fit(TRAIN, DEV, folder, listener);
    }
    return classifier.model().parameters().values().stream()
        .map(p -> p.value().toFloats())
        .toArray(float[][]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "1"})
  void learnsTheTask(String version) throws IOException {
    List<Double> accuracies = new ArrayList<>();
    run("run", version, 10, false, 0, accuracies);
    assertTrue(accuracies.stream().anyMatch(a -> a > 0.9), "accuracies " + accuracies);
  }

  /** Version 1 has an estimator with moments of its own, version 6 a critic. */
  @ParameterizedTest
  @ValueSource(strings = {"6", "1", "0"})
  void aKilledRunGoesOnToTheSameBits(String version) throws IOException {
    float[][] whole = run("whole", version, 2, false, 0, new ArrayList<>());
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> run("cut", version, 2, false, 7, new ArrayList<>()));
    assertEquals("killed", e.getMessage());
    assertArrayEquals(whole, run("cut", version, 2, true, 0, new ArrayList<>()));
  }

  @Test
  void readingsAreLoggedWithEachStep() throws IOException {
    List<Map<String, Double>> readings = new ArrayList<>();
    Classifier classifier = Tiny.classifier(Tiny.encoder(temp.resolve("encoder")));
    TrainSettings settings =
        new TrainSettings(1, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 64, 0, 0, 42);
    try (RunFolder folder = RunFolder.open(temp.resolve("run"), settings.named(), false)) {
      new Trainer(classifier, Methods.recipe("infobert", Map.of()), settings)
          .fit(
              TRAIN,
              DEV,
              folder,
              new TrainListener() {
                @Override
                public void onStep(StepReading s) {
                  readings.add(s.readings());
                }
              });
    }
    assertEquals(6, readings.size());
    assertTrue(
        readings.stream()
            .allMatch(
                r -> r.keySet().containsAll(List.of("task_loss", "upper_bound", "lower_bound"))),
        "readings " + readings);
  }
}
