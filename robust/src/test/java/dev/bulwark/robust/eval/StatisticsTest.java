package dev.bulwark.robust.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Intervals, tests and attack metrics against values worked out independently. */
class StatisticsTest {
  @Test
  void wilsonIntervalsAreThoseOfTheLiterature() {
    // Newcombe (1998), table I, method 3 (score): 81/263, 15/148, 0/20, 1/29.
    assertInterval(0.2553, 0.3662, Rate.of(81, 263));
    assertInterval(0.0624, 0.1605, Rate.of(15, 148));
    assertInterval(0, 0.1611, Rate.of(0, 20));
    assertInterval(0.0061, 0.1718, Rate.of(1, 29));
    assertInterval(1 - 0.1611, 1, Rate.of(20, 20));
  }

  @Test
  void clopperPearsonIntervalsAreThoseOfTheLiterature() {
    // Newcombe (1998), table I, method 5 (exact).
    assertExact(0.2527, 0.3676, Rate.of(81, 263));
    assertExact(0.0578, 0.1617, Rate.of(15, 148));
    assertExact(0, 0.1684, Rate.of(0, 20));
    assertExact(0.0009, 0.1776, Rate.of(1, 29));
    assertExact(1 - 0.1684, 1, Rate.of(20, 20));
  }

  @Test
  void aShareOfNothingIsUnknown() {
    Rate none = Rate.of(0, 0);
    assertNull(none.value());
    assertEquals(0, none.low());
    assertEquals(1, none.high());
    assertThrows(IllegalArgumentException.class, () -> Rate.of(2, 1));
  }

  @Test
  void mcNemarIsTheExactBinomialTest() {
    assertEquals(1, Comparison.mcnemar(0, 0));
    assertEquals(1, Comparison.mcnemar(3, 3));
    assertEquals(2 / 32.0, Comparison.mcnemar(0, 5), 1e-12);
    // 2 (1 + 10 + 45) / 1024
    assertEquals(112 / 1024.0, Comparison.mcnemar(8, 2), 1e-12);
  }

  @Test
  void comparesPairwiseAndRepeatably() {
    boolean[] a = new boolean[200];
    boolean[] b = new boolean[200];
    for (int i = 0; i < 200; i++) {
      a[i] = i < 100;
      b[i] = i < 90 || (i >= 100 && i < 130);
    }
    Comparison c = Comparison.of("accuracy", "a", a, "b", b, 42);
    assertEquals(10, c.onlyBaseline());
    assertEquals(30, c.onlyCandidate());
    assertEquals(0.1, c.difference(), 1e-12);
    // Normal approximation: sd = sqrt((p+ + p-) - d^2) / sqrt(n) = sqrt(0.19 / 200).
    double half = 1.96 * Math.sqrt(0.19 / 200);
    assertEquals(0.1 - half, c.low(), 0.01);
    assertEquals(0.1 + half, c.high(), 0.01);
    assertTrue(c.significant());
    assertEquals(c, Comparison.of("accuracy", "a", a, "b", b, 42));
    Comparison same = Comparison.of("accuracy", "a", a, "a too", a, 1);
    assertEquals(0, same.high());
    assertEquals(1, same.pValue());
    assertThrows(
        IllegalArgumentException.class,
        () -> Comparison.of("accuracy", "a", a, "b", new boolean[3], 1));
  }

  @Test
  void attackMetricsFollowBothDefinitions() {
    AttackMetrics m =
        AttackMetrics.of(
            List.of(
                SyntheticReports.outcome(0, Status.SUCCESS, 1, 10, 20),
                SyntheticReports.outcome(1, Status.SUCCESS, 3, 10, 40),
                SyntheticReports.outcome(2, Status.SUCCESS, 0, 10, 50),
                SyntheticReports.outcome(3, Status.FAILED, 2, 5, 90),
                SyntheticReports.outcome(4, Status.SKIPPED, 0, 20, 1)));
    assertEquals(4 / 5.0, m.cleanAccuracy().value());
    assertEquals(1 / 5.0, m.accuracyUnderAttack().value());
    assertEquals(3 / 4.0, m.successRate().value());
    assertEquals(3 / 5.0, m.successRateOfAll().value());
    assertEquals(50.0, m.meanQueries());
    assertEquals(45.0, m.medianQueries());
    assertEquals(20.0, Objects.requireNonNull(m.perturbedWordPercent()), 1e-12);
    assertEquals(11.0, m.meanWords());
    assertEquals(0.9, Objects.requireNonNull(m.meanSimilarity()), 1e-12);
    assertEquals(Map.of(0, 1, 1, 1, 3, 1), m.changedWords());
  }

  @Test
  void attackMetricsOfNothingAreUnknown() {
    AttackMetrics m = AttackMetrics.of(List.<Outcome>of());
    assertNull(m.successRate().value());
    assertNull(m.meanQueries());
    assertNull(m.meanSimilarity());
  }

  @Test
  void ticksAreRound() {
    assertEquals(List.of(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0), Plot.ticks(0, 1.1, 5));
    assertEquals(List.of(0.0, 50.0, 100.0, 150.0), Plot.ticks(0, 176, 5));
  }

  private static void assertInterval(double low, double high, Rate rate) {
    assertEquals(low, rate.low(), 5e-5);
    assertEquals(high, rate.high(), 5e-5);
  }

  private static void assertExact(double low, double high, Rate rate) {
    Interval interval = rate.clopperPearson(0.95);
    assertEquals(low, interval.low(), 5e-5);
    assertEquals(high, interval.high(), 5e-5);
  }
}
