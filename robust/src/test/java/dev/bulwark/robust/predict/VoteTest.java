package dev.bulwark.robust.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoteTest {
  /** Passes of two classes, some of them for class 1. */
  private static double[][] passes(int all, int one) {
    double[][] logits = new double[all][];
    for (int k = 0; k < all; k++) {
      logits[k] = k < one ? new double[] {0, 3} : new double[] {1, 0};
    }
    return logits;
  }

  @ParameterizedTest
  @CsvSource({
    "5, 3, 0.8125",
    "5, 4, 0.96875",
    "5, 5, 1",
    "5, 2, 0.8125",
    "1, 1, 1",
    "4, 2, 0.6875"
  })
  void consensusIsABinomialProbability(int all, int one, double p) {
    assertEquals(p, Vote.count(passes(all, one)).p(), 1e-12);
  }

  @Test
  void theThresholdDecides() {
    Vote strict = new Vote(0.98, Vote.Kind.AVG);
    assertFalse(strict.isDecisive(Vote.count(passes(5, 4))));
    assertTrue(strict.isDecisive(Vote.count(passes(5, 5))));
    assertTrue(new Vote(0.7, Vote.Kind.AVG).isDecisive(Vote.count(passes(5, 3))));
  }

  @Test
  void aTieGoesToTheFirstClass() {
    Vote.Count tie = Vote.count(passes(4, 2));
    assertEquals(0, tie.winner());
    assertEquals(2, tie.agreeing());
    assertArrayEquals(new int[] {2, 2}, tie.votes());
  }

  @Test
  void theMeanOfLogitsAndTheMajorityMayDisagree() {
    double[][] logits = passes(5, 2);
    Vote mean = new Vote(0, Vote.Kind.AVG);
    Vote majority = new Vote(0, Vote.Kind.MAX);
    assertArrayEquals(new double[] {0.6, 1.2}, mean.result(logits), 1e-12);
    assertArrayEquals(new double[] {1, 0}, majority.result(logits));
    double p = 1 / (1 + Math.exp(0.6));
    assertEquals(p, mean.probabilities(mean.result(logits))[0], 1e-6);
    assertArrayEquals(new float[] {1, 0}, majority.probabilities(majority.result(logits)));
  }
}
