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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs of RoAST and of methods with state of their own: 6 batches an epoch. */
class RoastRunTest {
  private static final List<Example> TRAIN = Tiny.examples(96, 1);
  private static final List<Example> DEV = Tiny.examples(32, 2);

  @TempDir static Path shared;
  @TempDir Path temp;

  @BeforeAll
  static void saveEncoder() {
    Tiny.encoder(shared.resolve("encoder"));
  }

  private static final class Pulled extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Weights at the end, the saved model and the log. */
  private record Outcome(float[][] weights, Map<String, String> model, String metrics) {
    void assertSameAs(Outcome other) {
      assertArrayEquals(other.weights, weights);
      assertEquals(other.metrics, metrics);
      assertEquals(other.model, model);
    }
  }

  private static Outcome run(
      Path out, String method, Map<String, String> set, int epochs, boolean resume, int stopAfter)
      throws IOException {
    TrainSettings settings =
        new TrainSettings(epochs, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 64, 0, 4, 42);
    Classifier classifier = Tiny.classifier(shared.resolve("encoder"));
    try (RunFolder folder = RunFolder.open(out, settings.named(), resume)) {
      TrainListener metrics = folder.metrics();
      TrainListener stopping =
          new TrainListener() {
            @Override
            public void onStep(StepReading s) {
              metrics.onStep(s);
              if (s.step() == stopAfter) {
                throw new Pulled();
              }
            }

            @Override
            public void onEpoch(EpochReading e) {
              metrics.onEpoch(e);
            }
          };
      new Trainer(classifier, Methods.recipe(method, set), settings)
          .fit(TRAIN, DEV, folder, stopping);
    }
    return new Outcome(
        classifier.model().parameters().values().stream()
            .map(p -> p.value().toFloats())
            .toArray(float[][]::new),
        Tiny.contents(out.resolve("model")),
        Files.readString(out.resolve("metrics.jsonl")));
  }

  @ParameterizedTest
  @CsvSource({
    "roast, 3, 5",
    "roast, 0, 7",
    "selective+freelb, 3, 11",
    "child-tuning+wise-ft, -1, 9"
  })
  void aRunStoppedInAnEpochOrAfterOneGoesOnToTheSameBits(String method, int every, int step)
      throws IOException {
    Map<String, String> set =
        every < 0 ? Map.of() : Map.of("alpha", "0.6", "beta", "1", "mask-every", "" + every);
    Outcome whole = run(temp.resolve("whole"), method, set, 2, false, 0);
    Path cut = temp.resolve("cut");
    assertThrows(Pulled.class, () -> run(cut, method, set, 2, false, step));
    run(cut, method, set, 2, true, 0).assertSameAs(whole);
  }

  @Test
  void aWiseModelThatIsAllTrainedIsThePlainOne() throws IOException {
    Outcome plain = run(temp.resolve("plain"), "standard", Map.of(), 2, false, 0);
    run(temp.resolve("wise"), "standard+wise-ft", Map.of("alpha", "1"), 2, false, 0)
        .assertSameAs(plain);
    Outcome half =
        run(temp.resolve("half"), "standard+wise-ft", Map.of("alpha", "0.5"), 2, false, 0);
    assertArrayEquals(plain.weights, half.weights, "training itself is the same");
    assertTrue(!half.model.equals(plain.model), "the saved model is the average");
  }

  @ParameterizedTest
  @CsvSource({"roast, 25", "smart, 16", "r3f, 16", "child-tuning, 25"})
  void learnsTheTask(String method, int epochs) throws IOException {
    List<Double> accuracies = new ArrayList<>();
    TrainSettings settings =
        new TrainSettings(epochs, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 64, 0, 0, 42);
    Map<String, String> set =
        method.equals("roast")
            ? Map.of("alpha", "0.6", "beta", "1") // as for MNLI: nearly half of the weights
            : Map.of();
    try (RunFolder folder = RunFolder.open(temp.resolve("run"), Map.of(), false)) {
      new Trainer(Tiny.classifier(shared.resolve("encoder")), Methods.recipe(method, set), settings)
          .fit(
              TRAIN,
              DEV,
              folder,
              new TrainListener() {
                @Override
                public void onEpoch(EpochReading e) {
                  accuracies.add(e.devAccuracy());
                }
              });
    }
    assertTrue(accuracies.stream().anyMatch(a -> a > 0.9), method + " accuracies " + accuracies);
  }
}
