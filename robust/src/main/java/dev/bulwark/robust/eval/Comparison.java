package dev.bulwark.robust.eval;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Two models on the same examples, counted pairwise: far more telling than comparing two intervals,
 * since both meet the same easy and hard examples.
 *
 * @param measure what "right" means, for example "accuracy under TextFooler"
 * @param baseline name of the first model
 * @param candidate name of the second model
 * @param examples number of common examples
 * @param onlyBaseline examples that only the first gets right
 * @param onlyCandidate examples that only the second gets right
 * @param difference rate of the second minus rate of the first
 * @param low lower end of its 95 % interval by paired bootstrap
 * @param high upper end
 * @param pValue exact two-sided McNemar test of "no difference", in (0, 1]
 */
public record Comparison(
    String measure,
    String baseline,
    String candidate,
    int examples,
    int onlyBaseline,
    int onlyCandidate,
    double difference,
    double low,
    double high,
    double pValue) {

  /** Bootstrap resamples: the ends of the interval settle to about 0.1 points. */
  static final int RESAMPLES = 10_000;

  /**
   * Compares two models.
   *
   * @param measure what "right" means
   * @param baseline name of the first model
   * @param baselineRight which examples it gets right, [N]
   * @param candidate name of the second model
   * @param candidateRight which examples it gets right, [N], in the same order
   * @param seed of the bootstrap
   * @return the comparison
   * @throws IllegalArgumentException if N differs or is 0
   */
  public static Comparison of(
      String measure,
      String baseline,
      boolean[] baselineRight,
      String candidate,
      boolean[] candidateRight,
      long seed) {
    int n = baselineRight.length;
    if (n == 0 || candidateRight.length != n) {
      throw new IllegalArgumentException(
          "%s: %s has %d examples and %s has %d; compare models on the same examples"
              .formatted(measure, baseline, n, candidate, candidateRight.length));
    }
    byte[] gain = new byte[n];
    int onlyBaseline = 0;
    int onlyCandidate = 0;
    for (int i = 0; i < n; i++) {
      gain[i] = (byte) ((candidateRight[i] ? 1 : 0) - (baselineRight[i] ? 1 : 0));
      onlyBaseline += gain[i] < 0 ? 1 : 0;
      onlyCandidate += gain[i] > 0 ? 1 : 0;
    }
    Interval interval = bootstrap(gain, seed);
    return new Comparison(
        measure,
        baseline,
        candidate,
        n,
        onlyBaseline,
        onlyCandidate,
        (double) (onlyCandidate - onlyBaseline) / n,
        interval.low(),
        interval.high(),
        mcnemar(onlyBaseline, onlyCandidate));
  }

  /** {@return whether the data speak against "no difference" at the 5 % level} */
  public boolean significant() {
    return pValue < 1 - Rate.CONFIDENCE;
  }

  private static Interval bootstrap(byte[] gain, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      int sum = 0;
      for (int i = 0; i < gain.length; i++) {
        sum += gain[random.nextInt(gain.length)];
      }
      means[r] = (double) sum / gain.length;
    }
    Arrays.sort(means);
    int tail = (int) Math.round(RESAMPLES * (1 - Rate.CONFIDENCE) / 2);
    return new Interval(means[tail], means[RESAMPLES - 1 - tail]);
  }

  /** If the models are equally good, each discordant example is a fair coin's toss. */
  static double mcnemar(int onlyBaseline, int onlyCandidate) {
    int tosses = onlyBaseline + onlyCandidate;
    int rarer = Math.min(onlyBaseline, onlyCandidate);
    BinomialDistribution coin = new BinomialDistribution(null, tosses, 0.5);
    return Math.min(1, 2 * coin.cumulativeProbability(rarer));
  }
}
