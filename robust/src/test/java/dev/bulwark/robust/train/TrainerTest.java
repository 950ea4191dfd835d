package dev.bulwark.robust.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.predict.Classifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tiny run: 6 batches an epoch, 3 epochs, a snapshot every 4 steps and at each epoch's end. */
class TrainerTest {
  private static final List<Example> TRAIN = Tiny.examples(96, 1);
  private static final List<Example> DEV = Tiny.examples(32, 2);
  private static final TrainSettings SETTINGS = settings(3, 0, 42);

  private static final Map<String, Outcome> UNDISTURBED = new HashMap<>();

  @TempDir static Path shared;
  @TempDir Path temp;

  @BeforeAll
  static void saveEncoder() {
    Tiny.encoder(shared.resolve("encoder"));
  }

  private static TrainSettings settings(int epochs, int patience, long seed) {
    return new TrainSettings(epochs, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 64, patience, 4, seed);
  }

  /** What a run left behind. */
  private record Outcome(float[][] weights, Map<String, String> model, String metrics) {
    void assertSameAs(Outcome other) {
      assertArrayEquals(other.weights, weights);
      assertEquals(other.metrics, metrics);
      assertEquals(other.model, model);
    }
  }

  private static Outcome run(
      Path out, String method, TrainSettings settings, boolean resume, TrainListener listener)
      throws IOException {
    Classifier classifier = Tiny.classifier(shared.resolve("encoder"));
    try (RunFolder folder = RunFolder.open(out, settings.named(), resume)) {
      TrainListener metrics = folder.metrics();
      TrainListener both =
          new TrainListener() {
            @Override
            public void onStep(StepReading step) {
              metrics.onStep(step);
              listener.onStep(step);
            }

            @Override
            public void onEpoch(EpochReading epoch) {
              metrics.onEpoch(epoch);
              listener.onEpoch(epoch);
            }
          };
      new Trainer(classifier, Methods.recipe(method, Map.of()), settings)
          .fit(TRAIN, DEV, folder, both);
    }
    return new Outcome(
        weights(classifier),
        Tiny.contents(out.resolve("model")),
        Files.readString(out.resolve("metrics.jsonl")));
  }

  private static Outcome undisturbed(String method) {
    return UNDISTURBED.computeIfAbsent(
        method,
        m -> {
          try {
            return run(shared.resolve(m), m, SETTINGS, false, TrainListener.NONE);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static float[][] weights(Classifier c) {
    return c.model().parameters().values().stream()
        .map(p -> p.value().toFloats())
        .toArray(float[][]::new);
  }

  private static final class Pulled extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static TrainListener pullingThePlugAt(int step) {
    return new TrainListener() {
      @Override
      public void onStep(StepReading s) {
        if (s.step() == step) {
          throw new Pulled();
        }
      }
    };
  }

  @Test
  void learnsTheTaskAndKeepsTheBestModel() throws IOException {
    List<Double> losses = new ArrayList<>();
    List<Double> accuracies = new ArrayList<>();
    run(
        temp.resolve("run"),
        "standard",
        settings(10, 0, 42),
        false,
        new TrainListener() {
          @Override
          public void onEpoch(EpochReading e) {
            losses.add(e.trainLoss());
            accuracies.add(e.devAccuracy());
          }
        });
    assertTrue(losses.getLast() < 0.3 * losses.getFirst(), "losses " + losses);
    assertTrue(accuracies.stream().anyMatch(a -> a > 0.9), "accuracies " + accuracies);
  }

  @Test
  void sameSeedSameBitsAndAnotherSeedOthers() throws IOException {
    Outcome once = undisturbed("standard");
    Outcome again = run(temp.resolve("b"), "standard", SETTINGS, false, TrainListener.NONE);
    again.assertSameAs(once);
    Outcome other =
        run(temp.resolve("c"), "standard", settings(3, 0, 43), false, TrainListener.NONE);
    assertNotEquals(once.metrics, other.metrics);
  }

  @ParameterizedTest
  @CsvSource({
    "standard, 1",
    "standard, 4",
    "standard, 6",
    "standard, 7",
    "standard, 18",
    "freelb, 13"
  })
  void aRunStoppedAtAnyStepGoesOnToTheSameBits(String method, int step) throws IOException {
    Outcome whole = undisturbed(method);
    Path cut = temp.resolve("cut");
    assertThrows(Pulled.class, () -> run(cut, method, SETTINGS, false, pullingThePlugAt(step)));
    run(cut, method, SETTINGS, true, TrainListener.NONE).assertSameAs(whole);
  }

  @Test
  void aRunStoppedAgainAndAgainGoesOnToTheSameBits() throws IOException {
    Outcome whole = undisturbed("standard");
    Path cut = temp.resolve("cut");
    for (int step : new int[] {3, 9, 10, 18}) {
      assertThrows(
          Pulled.class, () -> run(cut, "standard", SETTINGS, true, pullingThePlugAt(step)));
      Files.writeString(
          cut.resolve("metrics.jsonl"), "{\"half a li", java.nio.file.StandardOpenOption.APPEND);
    }
    run(cut, "standard", SETTINGS, true, TrainListener.NONE).assertSameAs(whole);
  }

  @Test
  void aRunStoppedBetweenSavingTheModelAndTheSnapshotGoesOnToTheSameBits() throws IOException {
    Outcome whole = undisturbed("standard");
    Path cut = temp.resolve("cut");
    TrainListener stop =
        new TrainListener() {
          @Override
          public void onEpoch(EpochReading e) {
            if (e.epoch() == 2) {
              throw new Pulled();
            }
          }
        };
    assertThrows(Pulled.class, () -> run(cut, "standard", SETTINGS, false, stop));
    run(cut, "standard", SETTINGS, true, TrainListener.NONE).assertSameAs(whole);
  }

  @Test
  void aFinishedRunResumedStaysAsItIs() throws IOException {
    Path out = temp.resolve("run");
    Outcome whole = run(out, "standard", SETTINGS, false, TrainListener.NONE);
    run(out, "standard", SETTINGS, true, pullingThePlugAt(18)).assertSameAs(whole);
  }

  @ParameterizedTest
  @CsvSource({"weights.safetensors", "moments.safetensors", "state.json", "SHA256SUMS"})
  void aDamagedSnapshotIsPassedOverForTheOneBefore(String file) throws IOException {
    Outcome whole = undisturbed("standard");
    Path cut = temp.resolve("cut");
    assertThrows(Pulled.class, () -> run(cut, "standard", SETTINGS, false, pullingThePlugAt(15)));
    Path newest = snapshots(cut).getLast();
    assertEquals("step-00000012", newest.getFileName().toString());
    byte[] bytes = Files.readAllBytes(newest.resolve(file));
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest.resolve(file), bytes);
    List<Integer> steps = new ArrayList<>();
    TrainListener seeing =
        new TrainListener() {
          @Override
          public void onStep(StepReading s) {
            steps.add(s.step());
          }
        };
    run(cut, "standard", SETTINGS, true, seeing).assertSameAs(whole);
    assertEquals(9, steps.getFirst());
  }

  private static List<Path> snapshots(Path out) throws IOException {
    try (Stream<Path> all = Files.list(out.resolve("snapshots"))) {
      return all.sorted().toList();
    }
  }

  @Test
  void onlyTwoSnapshotsAreKept() throws IOException {
    Path out = temp.resolve("run");
    run(out, "standard", SETTINGS, false, TrainListener.NONE);
    assertEquals(
        List.of("step-00000016", "step-00000018"),
        snapshots(out).stream().map(p -> p.getFileName().toString()).toList());
  }

  @Test
  void theBestModelIsKeptNotTheLastAndPatienceStopsTheRun() throws IOException {
    // Labels that follow no rule: dev accuracy wanders, so that the best epoch is not the last.
    List<Example> noise =
        Tiny.examples(32, 5).stream()
            .map(e -> new Example(e.text(), null, Math.floorMod(e.text().hashCode(), 2)))
            .toList();
    Classifier classifier = Tiny.classifier(shared.resolve("encoder"));
    List<Double> accuracies = new ArrayList<>();
    List<Double> saved = new ArrayList<>();
    RunStore store =
        new RunStore() {
          @Override
          public Progress restore(RunState run) {
            return Progress.START;
          }

          @Override
          public void snapshot(RunState run, Progress at) {}

          @Override
          public void saveModel(Classifier c) {
            saved.add(
                Evaluation.of(new dev.bulwark.robust.predict.ModelPredictor(c, 24), noise)
                    .accuracy());
          }
        };
    TrainListener listener =
        new TrainListener() {
          @Override
          public void onEpoch(EpochReading e) {
            accuracies.add(e.devAccuracy());
          }
        };
    Progress end =
        new Trainer(classifier, Methods.recipe("standard", Map.of()), settings(40, 3, 1))
            .fit(TRAIN, noise, store, listener);
    double best = accuracies.stream().mapToDouble(a -> a).max().orElseThrow();
    assertEquals(best, saved.getLast());
    assertEquals(best, end.bestAccuracy());
    assertEquals(3, end.epochsSinceBest());
    assertEquals(accuracies.indexOf(best) + 4, accuracies.size(), "stops 3 epochs after the best");
  }

  @Test
  void aLossThatIsNotFiniteStopsTheRunWithAdvice() {
    TrainSettings wild =
        new TrainSettings(3, 16, 1e38, 0, Decay.CONSTANT, 0.01, Double.MAX_VALUE, 64, 0, 0, 42);
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> run(temp.resolve("run"), "standard", wild, false, TrainListener.NONE));
    assertTrue(e.toString().contains("lower the learning rate"), e.toString());
  }

  @Test
  void twoRunsNeverShareAFolder() throws IOException {
    Path out = temp.resolve("run");
    try (RunFolder first = RunFolder.open(out, Map.of(), false)) {
      assertFalse(first.model().toFile().exists());
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> RunFolder.open(out, Map.of(), true).close());
      assertTrue(e.toString().contains("still going"), e.toString());
    }
    RunFolder.open(out, Map.of(), true).close();
  }

  @Test
  void longTextsAreCutToWhatTheModelHolds() throws IOException {
    Classifier classifier = Tiny.classifier(shared.resolve("encoder"));
    List<Example> long1 = List.of(new Example("the film ".repeat(50), null, 0), TRAIN.get(1));
    try (RunFolder folder = RunFolder.open(temp.resolve("run"), Map.of(), false)) {
      Progress end =
          new Trainer(classifier, Methods.recipe("standard", Map.of()), settings(1, 0, 1))
              .fit(long1, long1, folder, TrainListener.NONE);
      assertEquals(1, end.step());
    }
    for (Parameter p : classifier.model().parameters().values()) {
      assertTrue(Float.isFinite(p.value().toFloats()[0]));
    }
  }
}
