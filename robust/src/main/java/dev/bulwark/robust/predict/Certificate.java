package dev.bulwark.robust.predict;

import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * A radius within which a noise-smoothed classifier keeps its class. An extension of this project,
 * not part of RSMI's code; the bound is that of Cohen, Rosenfeld and Kolter, "Certified adversarial
 * robustness via randomized smoothing", ICML 2019, section 3.2.
 *
 * <p>What it says: with the masked tokens as they are, a change of the output of the first encoder
 * layer by less than the radius, in Euclidean length over all tokens, does not change the class
 * that the noisy model answers most often; with probability 1 - error over the noise that was
 * drawn. Noise in later layers counts as part of the classifier.
 *
 * <p>What it does not say: anything about a change of words. A substitution moves the first layer's
 * output by an amount that no one bounds here, usually far more than the radius, and may change
 * which tokens are masked. Nor that the vote of a few passes is the class certified.
 *
 * @param winner the class, as chosen by passes of their own
 * @param probability lower bound of how often the noisy model answers it
 * @param radius in units of the hidden state; 0 if it abstains
 */
public record Certificate(int winner, double probability, double radius) {
  /**
   * The certificate that a count of passes gives.
   *
   * @param winner the class, chosen without looking at these passes
   * @param votes passes that answered it
   * @param passes all of them, at least 1
   * @param error probability that the bound is wrong, in (0, 1)
   * @param sigma standard deviation of the noise
   * @return the certificate
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Certificate of(int winner, int votes, int passes, double error, double sigma) {
    if (passes < 1 || votes < 0 || votes > passes || !(error > 0 && error < 1) || !(sigma >= 0)) {
      throw new IllegalArgumentException(
          "a certificate needs 0 <= votes <= passes, passes >= 1, 0 < error < 1 and sigma >= 0;"
              + " got votes %d, passes %d, error %s, sigma %s"
                  .formatted(votes, passes, error, sigma));
    }
    double low = lowerBound(votes, passes, error);
    double radius =
        low > 0.5
            ? sigma * new NormalDistribution(null, 0, 1).inverseCumulativeProbability(low)
            : 0;
    return new Certificate(winner, low, radius);
  }

  /** Whether the passes do not show that the class is answered more often than all others. */
  public boolean abstains() {
    return probability <= 0.5;
  }

  /** One-sided Clopper-Pearson bound of a binomial proportion. */
  private static double lowerBound(int votes, int passes, double error) {
    if (votes == 0) {
      return 0;
    }
    return new BetaDistribution(null, votes, passes - votes + 1.0)
        .inverseCumulativeProbability(error);
  }
}
