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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RIFT, its parts and its baselines in whole runs. */
class RiftRunTest {
  private static final List<Example> TRAIN = Tiny.examples(96, 1);
  private static final List<Example> DEV = Tiny.examples(32, 2);

  @TempDir static Path shared;
  @TempDir Path temp;

  @BeforeAll
  static void saveEncoder() {
    Tiny.encoder(shared.resolve("encoder"));
  }

  private static TrainSettings settings(int epochs, int snapshots) {
    return new TrainSettings(epochs, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1, 64, 0, snapshots, 42);
  }

  private static Classifier run(
      Path out, String method, String options, int epochs, boolean resume, TrainListener listener)
      throws IOException {
    Map<String, String> set = new HashMap<>();
    for (String o : options.split(" ")) {
      set.put(o.split("=")[0], o.split("=")[1]);
    }
    Classifier classifier = Tiny.classifier(shared.resolve("encoder"));
    try (RunFolder folder =
        RunFolder.open(out, settings(epochs, epochs == 2 ? 5 : 0).named(), resume)) {
      new Trainer(classifier, Methods.recipe(method, set), settings(epochs, epochs == 2 ? 5 : 0))
          .fit(TRAIN, DEV, folder, listener);
    }
    return classifier;
  }

  @ParameterizedTest
  @CsvSource({
    "rift, ascc-steps=2 w-kl=1 mi-hidden=32 mi-size=16",
    "ascc, ascc-steps=2 w-kl=1",
    "ascc+mixout, ascc-steps=2 w-kl=1 mixout-p=0.2",
    "ptwd, ptwd-weight=0.0001"
  })
  void learnsTheTask(String method, String options) throws IOException {
    List<Double> losses = new ArrayList<>();
    List<Double> accuracies = new ArrayList<>();
    run(
        temp.resolve("run"),
        method,
        options,
        14,
        false,
        new TrainListener() {
          @Override
          public void onEpoch(EpochReading e) {
            losses.add(e.trainLoss());
            accuracies.add(e.devAccuracy());
          }
        });
    assertTrue(losses.stream().anyMatch(l -> l < 0.7 * losses.getFirst()), "losses " + losses);
    assertTrue(accuracies.stream().anyMatch(a -> a > 0.9), "accuracies " + accuracies);
  }

  private static float[][] weights(Classifier c) {
    return c.model().parameters().values().stream()
        .map(p -> p.value().toFloats())
        .toArray(float[][]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "rift, ascc-steps=1 mi-hidden=32 mi-size=16",
    "ascc+mixout, ascc-steps=2",
    "rift+ptwd, ascc-steps=2 mi-hidden=32 mi-size=16"
  })
  void aStoppedRunGoesOnToTheSameBits(String method, String options) throws IOException {
    Classifier whole = run(temp.resolve("whole"), method, options, 2, false, TrainListener.NONE);
    TrainListener pulling =
        new TrainListener() {
          @Override
          public void onStep(StepReading s) {
            if (s.step() == 7) {
              throw new IllegalStateException("pulled");
            }
          }
        };
    Path cut = temp.resolve("cut");
    assertThrows(IllegalStateException.class, () -> run(cut, method, options, 2, false, pulling));
    Classifier resumed = run(cut, method, options, 2, true, TrainListener.NONE);
    assertArrayEquals(weights(whole), weights(resumed));
  }

  @Test
  void dataWithoutOneOfTheClassesAreRefusedBeforeTheFirstStep() {
    List<Example> bad = TRAIN.stream().filter(e -> e.label() == 0).toList();
    Classifier classifier = Tiny.classifier(shared.resolve("encoder"));
    List<Integer> steps = new ArrayList<>();
    TrainListener counting =
        new TrainListener() {
          @Override
          public void onStep(StepReading s) {
            steps.add(s.step());
          }
        };
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              try (RunFolder folder = RunFolder.open(temp.resolve("r"), Map.of(), false)) {
                new Trainer(classifier, Methods.recipe("rift", Map.of()), settings(1, 0))
                    .fit(bad, DEV, folder, counting);
              }
            });
    assertTrue(e.toString().contains("examples of every class"), e.toString());
    assertEquals(List.of(), steps);
  }
}
