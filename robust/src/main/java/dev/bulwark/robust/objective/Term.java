package dev.bulwark.robust.objective;

import dev.bulwark.autograd.Variable;

/** A scalar to minimise. */
@FunctionalInterface
public interface Term {
  /**
   * The term's value.
   *
   * @param step the batch and the model
   * @return a scalar with its graph
   */
  Variable of(Step step);

  /** This term times a weight. */
  default Term times(double weight) {
    return step -> of(step).times(weight);
  }

  /** The sum of two terms. */
  default Term plus(Term other) {
    return step -> of(step).plus(other.of(step));
  }
}
