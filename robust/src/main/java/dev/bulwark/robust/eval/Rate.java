package dev.bulwark.robust.eval;

import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * A share of a whole with the 95 % interval of the probability it estimates.
 *
 * @param hits how many, in [0, total]
 * @param total of how many
 * @param value hits / total, or null when the total is 0
 * @param low lower end of the 95 % Wilson interval, 0 when the total is 0
 * @param high upper end of the 95 % Wilson interval, 1 when the total is 0
 */
public record Rate(int hits, int total, @Nullable Double value, double low, double high) {
  /** The confidence of every interval in a report. */
  public static final double CONFIDENCE = 0.95;

  private static final double Z =
      new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 + CONFIDENCE) / 2);

  /**
   * The rate with its Wilson score interval (Wilson 1927), whose true coverage stays near 95 % also
   * for small samples and extreme rates, where the usual plus-minus fails.
   *
   * @param hits how many, in [0, total]
   * @param total of how many
   * @return the rate
   */
  public static Rate of(int hits, int total) {
    if (hits < 0 || total < hits) {
      throw new IllegalArgumentException(hits + " hits of " + total + " is not a share");
    }
    if (total == 0) {
      return new Rate(0, 0, null, 0, 1);
    }
    double p = (double) hits / total;
    double spread = 1 + Z * Z / total;
    double centre = (p + Z * Z / (2.0 * total)) / spread;
    double half = Z * Math.sqrt(p * (1 - p) / total + Z * Z / (4.0 * total * total)) / spread;
    // Exact at the edges, where rounding would leave 1e-17.
    double low = hits == 0 ? 0 : centre - half;
    double high = hits == total ? 1 : centre + half;
    return new Rate(hits, total, p, low, high);
  }

  /**
   * The exact interval (Clopper and Pearson 1934): coverage is never below the confidence, and so
   * it is wider than Wilson's.
   *
   * @param confidence in (0, 1), for example 0.95
   * @return lower and upper end
   */
  public Interval clopperPearson(double confidence) {
    double tail = (1 - confidence) / 2;
    double lower =
        hits == 0
            ? 0
            : new BetaDistribution(null, hits, total - hits + 1.0)
                .inverseCumulativeProbability(tail);
    double upper =
        hits == total
            ? 1
            : new BetaDistribution(null, hits + 1.0, total - hits)
                .inverseCumulativeProbability(1 - tail);
    return new Interval(lower, upper);
  }
}
