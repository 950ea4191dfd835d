package dev.bulwark.robust.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class CandidateRuleTest {
  private static int[] candidates(double... saliency) {
    return CandidateRule.RSMI.candidates(saliency);
  }

  @Test
  void theFirstAndTheLastTokenUseUpPlaces() {
    assertArrayEquals(
        new int[] {4, 2, 7}, candidates(9, 1, 6, 1, 7, 1, 1, 5, 1, 1, 8), "0 and 10 are dropped");
  }

  @Test
  void ofAShortSequenceOnlyTheTopTokenCounts() {
    assertArrayEquals(new int[] {3}, candidates(5, 1, 2, 6, 3, 1, 1, 1, 1, 1));
    assertArrayEquals(new int[0], candidates(7, 1, 2, 6, 3, 1, 1, 1, 1, 1));
    assertArrayEquals(new int[0], candidates(1, 2));
  }

  @Test
  void elevenTokensAreLong() {
    assertArrayEquals(
        new int[] {1, 2, 3, 4, 5},
        candidates(0, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0),
        "equal ones in order");
  }

  @Test
  void thereMayBeFewerThanAskedFor() {
    assertArrayEquals(new int[] {4, 2}, CandidateRule.first(new int[] {4, 2, 7}, 2));
    assertArrayEquals(new int[] {4}, CandidateRule.first(new int[] {4}, 2));
    assertArrayEquals(new int[0], CandidateRule.first(new int[] {4}, 0));
  }
}
