package dev.bulwark.robust.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.robust.eval.TemperatureFolds.Divisor;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calibration, anomaly detection and means, on cases small enough to work out by hand. */
class PerspectiveMetricsTest {
  @Test
  void aConfidenceOnTheEdgeBelongsToTheLowerBin() {
    Calibration c =
        Calibration.of(new double[] {0.5, 0.51, 1}, new boolean[] {true, false, true}, 2);
    assertEquals(1, c.bins().get(0).count());
    assertEquals(2, c.bins().get(1).count());
    assertEquals((0.5 + Math.abs(1.51 - 1)) / 3, c.error(), 1e-15);
    assertEquals(0, Calibration.of(new double[0], new boolean[0], 10).error());
  }

  @Test
  void aColdModelIsWarmedAndTheReleasedCodeDividesByTheWrongNumber() {
    // Always says 0 with logit 3, right in 3 of 5: T = 8 brings the confidence nearest to 0.6.
    double[][] logits = Collections.nCopies(20, new double[] {3, 0}).toArray(double[][]::new);
    int[] labels = IntStream.range(0, 20).map(i -> i % 5 < 3 ? 0 : 1).toArray();
    int[] order = IntStream.range(0, 20).map(i -> i * 3 % 20).toArray();
    TemperatureFolds folds = TemperatureFolds.of(logits, labels, order, Divisor.PAPER);
    double sigmoid = 1 / (1 + Math.exp(-3));
    assertEquals(sigmoid - 0.6, TemperatureFolds.calibration(logits, labels, 1).error(), 1e-12);
    for (int f = 0; f < 10; f++) {
      // A fold of two: both right wants the coldest, one or none right the warmest.
      int hits = (labels[order[2 * f]] == 0 ? 1 : 0) + (labels[order[2 * f + 1]] == 0 ? 1 : 0);
      int picked = hits == 2 ? 0 : 5;
      assertEquals(picked, folds.picked().get(f));
      double t = picked == 0 ? 0.25 : 8;
      double expected = Math.abs(1 / (1 + Math.exp(-3 / t)) - (12 - hits) / 18.0);
      assertEquals(expected, folds.foldErrors().get(f), 1e-12);
      double released =
          TemperatureFolds.of(logits, labels, order, Divisor.RELEASED).foldErrors().get(f);
      double byNumber = Math.abs(1 / (1 + Math.exp(-3 / 5.0)) - (12 - hits) / 18.0);
      assertEquals(picked == 0 ? 0 : byNumber, released, 1e-12);
    }
  }

  @Test
  void tenFoldsNeedTenExamples() {
    assertThrows(
        IllegalArgumentException.class,
        () -> TemperatureFolds.of(new double[9][2], new int[9], new int[9], Divisor.PAPER));
  }

  @Test
  void anomaliesAreToldByRank() {
    AnomalyDetection perfect =
        AnomalyDetection.of(new double[] {-0.9, -0.8}, new double[] {-0.5, -0.6});
    assertEquals(new AnomalyDetection(1, 1, 0), perfect);
    // Falling: 4 (anomaly), 3 (one of each), 1 (ordinary).
    AnomalyDetection mixed = AnomalyDetection.of(new double[] {3, 1}, new double[] {4, 3});
    assertEquals((2 + 1.5) / 4, mixed.auroc(), 1e-15);
    assertEquals(0.5 * 1 + 0.5 * 2 / 3.0, mixed.averagePrecision(), 1e-15);
    assertEquals(0, mixed.falsePositiveRate(), "the 5th percentile is 3.05");
    AnomalyDetection blind = AnomalyDetection.of(new double[] {1, 1}, new double[] {1, 1, 1});
    assertEquals(0.5, blind.auroc());
    assertEquals(0.6, blind.averagePrecision(), 1e-15);
    assertThrows(
        IllegalArgumentException.class, () -> AnomalyDetection.of(new double[0], new double[] {1}));
  }

  @Test
  void headlineNumbersAreCutBeforeTheMean() {
    HeadlineMeans m =
        HeadlineMeans.of(
            List.of(90.1239),
            List.of(50.0, 60.0009),
            List.of(),
            List.of(0.29, 0.0119),
            List.of(1.0));
    assertEquals(90.123, m.inDistribution());
    assertEquals(55, m.shifted());
    assertNull(m.adversarial());
    assertEquals((0.29 + 0.011) / 2, m.calibration());
    assertEquals(1, m.anomaly());
  }
}
