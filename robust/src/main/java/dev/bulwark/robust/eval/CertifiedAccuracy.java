package dev.bulwark.robust.eval;

import dev.bulwark.robust.predict.Certificate;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often a noise-smoothed model is right and can prove that it stays so, as in Cohen, Rosenfeld
 * and Kolter (ICML 2019, section 4). What a radius means is said in {@link Certificate}.
 *
 * @param certificates of the examples
 * @param labels their classes
 */
public record CertifiedAccuracy(List<Certificate> certificates, int[] labels) {
  /**
   * Share of examples that are classified right with at least some radius.
   *
   * @param radius in units of the hidden state; 0 or more
   * @return in [0, 1]
   */
  public double at(double radius) {
    long right =
        IntStream.range(0, labels.length)
            .filter(i -> isRight(i) && certificates.get(i).radius() >= radius)
            .count();
    return (double) right / labels.length;
  }

  /** Share of examples without a certificate. */
  public double abstained() {
    return (double) certificates.stream().filter(Certificate::abstains).count() / labels.length;
  }

  /** Mean radius, 0 where the class is wrong or none is certified. */
  public double meanRadius() {
    return IntStream.range(0, labels.length)
            .mapToDouble(i -> isRight(i) ? certificates.get(i).radius() : 0)
            .sum()
        / labels.length;
  }

  private boolean isRight(int i) {
    Certificate c = certificates.get(i);
    return !c.abstains() && c.winner() == labels[i];
  }
}
