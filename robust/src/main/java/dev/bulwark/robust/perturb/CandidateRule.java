package dev.bulwark.robust.perturb;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which tokens of a sequence may be masked: the most salient ones, of which the first and the last
 * are dropped afterwards, so that they use up places (RSMI's code).
 *
 * @param top how many of a long sequence are looked at
 * @param topIfShort how many of a short one
 * @param shortLength tokens up to which a sequence is short; the released code fails at exactly
 *     this length and treats it as short only beside shorter ones
 */
public record CandidateRule(int top, int topIfShort, int shortLength) {
  /** As published: 5 of a sequence of more than 10 tokens, else 1. */
  public static final CandidateRule RSMI = new CandidateRule(5, 1, 10);

  /**
   * Positions that may be masked.
   *
   * @param saliency of each token of a sequence, the first and last one included
   * @return positions in falling saliency, equal ones from left to right; perhaps none
   */
  public int[] candidates(double[] saliency) {
    int length = saliency.length;
    return IntStream.range(0, length)
        .boxed()
        .sorted(Comparator.comparingDouble(j -> -saliency[j]))
        .mapToInt(Integer::intValue)
        .limit(length > shortLength ? top : topIfShort)
        .filter(j -> j != 0 && j != length - 1)
        .toArray();
  }

  /**
   * The first candidates.
   *
   * @param candidates in falling saliency
   * @param count most positions
   * @return as many as there are, at most the count
   */
  public static int[] first(int[] candidates, int count) {
    return Arrays.copyOf(candidates, Math.min(count, candidates.length));
  }
}
