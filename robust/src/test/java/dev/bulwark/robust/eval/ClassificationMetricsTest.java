package dev.bulwark.robust.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTest {
  private static final List<String> CLASSES = List.of("a", "b", "c", "unused");

  /** Two of three a's are found, the b is found, the c is taken for an a. */
  private static final int[] LABELS = {0, 0, 0, 1, 2};

  private static final float[][] PROBABILITIES = {
    {0.9f, 0.05f, 0.05f, 0},
    {0.5f, 0.3f, 0.2f, 0},
    {0.2f, 0.7f, 0.1f, 0},
    {0.1f, 0.8f, 0.1f, 0},
    {0.6f, 0.2f, 0.2f, 0},
  };

  private final ClassificationMetrics metrics =
      ClassificationMetrics.of(CLASSES, LABELS, PROBABILITIES);

  @Test
  void countsTheConfusion() {
    assertEquals(
        List.of(List.of(2, 1, 0, 0), List.of(0, 1, 0, 0), List.of(1, 0, 0, 0), List.of(0, 0, 0, 0)),
        metrics.confusion());
    assertEquals(3, metrics.accuracy().hits());
    assertEquals(5, metrics.accuracy().total());
  }

  @Test
  void scoresEachClass() {
    assertEquals(new ClassScore("a", 3, 3, 2 / 3.0, 2 / 3.0, 2 / 3.0), metrics.classes().get(0));
    assertEquals(new ClassScore("b", 1, 2, 0.5, 1, 2 / 3.0), metrics.classes().get(1));
    assertEquals(new ClassScore("c", 1, 0, 0, 0, 0), metrics.classes().get(2));
  }

  @Test
  void leavesClassesThatNeverOccurOutOfTheMacroF1() {
    assertEquals((2 / 3.0 + 2 / 3.0 + 0) / 3, metrics.macroF1(), 1e-12);
  }

  @Test
  void measuresProperScores() {
    double nll =
        -(Math.log(0.9) + Math.log(0.5) + Math.log(0.2) + Math.log(0.8) + Math.log(0.2)) / 5;
    assertEquals(nll, metrics.negativeLogLikelihood(), 1e-6);
    double brier = (0.015 + 0.38 + (0.64 + 0.49 + 0.01) + 0.06 + (0.36 + 0.04 + 0.64)) / 5;
    assertEquals(brier, metrics.brier(), 1e-6);
  }

  @Test
  void measuresCalibrationByBins() {
    // Each of the five confidences falls into a bin of its own.
    double gaps = Math.abs(0.9 - 1) + Math.abs(0.5 - 1) + 0.7 + Math.abs(0.8 - 1) + 0.6;
    assertEquals(gaps / 5, metrics.calibrationError(), 1e-6);
    assertEquals(15, metrics.reliability().size());
    assertEquals(5, metrics.reliability().stream().mapToInt(ReliabilityBin::count).sum());
    assertNull(metrics.reliability().get(0).accuracy());
    ReliabilityBin bin = metrics.reliability().get(13); // (13/15, 14/15] holds 0.9
    assertEquals(1, bin.count());
    assertEquals(0.9, Objects.requireNonNull(bin.confidence()), 1e-6);
  }

  @Test
  void putsCertaintyIntoTheLastBinAndFloorsImpossibility() {
    ClassificationMetrics sure =
        ClassificationMetrics.of(List.of("a", "b"), new int[] {1}, new float[][] {{1, 0}});
    assertEquals(1, sure.reliability().getLast().count());
    assertEquals(1, sure.calibrationError(), 0);
    assertEquals(-Math.log(1e-12), sure.negativeLogLikelihood(), 1e-9);
    assertEquals(2, sure.brier(), 1e-9);
  }

  @Test
  void isDefinedForNoExamples() {
    ClassificationMetrics none = ClassificationMetrics.of(CLASSES, new int[0], new float[0][]);
    assertNull(none.accuracy().value());
    assertEquals(0, none.macroF1());
  }

  @Test
  void refusesInconsistentInput() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassificationMetrics.of(CLASSES, new int[] {4}, new float[][] {{1, 0, 0, 0}}));
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassificationMetrics.of(CLASSES, new int[] {0}, new float[][] {{1, 0}}));
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassificationMetrics.of(CLASSES, new int[] {0, 1}, new float[][] {{1, 0, 0, 0}}));
    Exception diverged =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ClassificationMetrics.of(
                    CLASSES, new int[] {0}, new float[][] {{Float.NaN, 0, 0, 0}}));
    assertTrue(String.valueOf(diverged.getMessage()).contains("NaN"));
  }

  @Test
  void asksThePredictorAboutEveryExampleInOrder() {
    List<Example> examples =
        IntStream.range(0, 1100).mapToObj(i -> new Example("t" + i, null, i % 2)).toList();
    Predictor parity =
        new Predictor() {
          @Override
          public int classes() {
            return 2;
          }

          @Override
          public float[][] predict(List<TextInput> texts) {
            return texts.stream()
                .map(t -> Integer.parseInt(t.text().substring(1)) % 2)
                .map(odd -> new float[] {1 - odd, odd})
                .toArray(float[][]::new);
          }
        };
    List<Integer> progress = new ArrayList<>();
    float[][] all = Evaluator.probabilities(parity, examples, progress::add);
    assertEquals(1, all[1099][1]);
    assertEquals(List.of(512, 1024, 1100), progress);
    assertEquals(
        1.0, Evaluator.evaluate(parity, List.of("even", "odd"), examples).accuracy().value());
  }
}
