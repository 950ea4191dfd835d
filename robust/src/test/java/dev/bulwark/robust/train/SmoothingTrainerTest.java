package dev.bulwark.robust.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.method.Methods;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The smoothing methods and their combinations learn a task of single words in a second. */
class SmoothingTrainerTest {
  private static final List<Example> TRAIN = Tiny.examples(96, 1);
  private static final List<Example> DEV = Tiny.examples(32, 2);

  @TempDir static Path shared;

  @BeforeAll
  static void saveEncoder() {
    Tiny.encoder(shared.resolve("encoder"));
  }

  private record Run(List<Double> losses, List<Double> accuracies) {}

  private static Run run(String methods, Map<String, String> set, int epochs) throws IOException {
    Run run = new Run(new ArrayList<>(), new ArrayList<>());
    TrainSettings settings =
        new TrainSettings(epochs, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 64, 0, 0, 42);
    new Trainer(Tiny.classifier(shared.resolve("encoder")), Methods.recipe(methods, set), settings)
        .fit(
            TRAIN,
            DEV,
            RunStore.NONE,
            new TrainListener() {
              @Override
              public void onEpoch(EpochReading e) {
                run.losses.add(e.trainLoss());
                run.accuracies.add(e.devAccuracy());
              }
            });
    return run;
  }

  @ParameterizedTest
  @CsvSource({
    "rsmi, nth-layers=1, 0.75",
    "rsmi, multi-mask=0, 0.9",
    "safer, votes=3, 0.9",
    "alum, adv-alpha=1, 0.9",
    "trades, beta=1, 0.9",
    "rsmi+alum, multi-mask=0, 0.9",
    "safer+trades, votes=3 beta=0.5, 0.9"
  })
  void learnsTheTask(String methods, String options, double accuracy) throws IOException {
    Map<String, String> set = new TreeMap<>();
    for (String option : options.split(" ")) {
      set.put(option.split("=")[0], option.split("=")[1]);
    }
    Run run = run(methods, set, 14);
    assertTrue(run.losses.getLast() < 0.8 * run.losses.getFirst(), "losses " + run.losses);
    assertTrue(run.accuracies.stream().anyMatch(a -> a > accuracy), "accuracies " + run.accuracies);
  }

  @ParameterizedTest
  @CsvSource({"rsmi", "safer", "alum", "trades"})
  void theSameSeedGivesTheSameRun(String method) throws IOException {
    Run once = run(method, Map.of(), 1);
    Run again = run(method, Map.of(), 1);
    assertArrayEquals(
        once.losses.stream().mapToDouble(l -> l).toArray(),
        again.losses.stream().mapToDouble(l -> l).toArray());
  }
}
