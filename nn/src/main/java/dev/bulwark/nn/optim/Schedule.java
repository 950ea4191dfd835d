package dev.bulwark.nn.optim;

import java.util.Locale;

/**
 * Learning rate over the steps of a run: linear warm-up, then a decay (transformers'
 * get_linear_schedule_with_warmup and its siblings).
 *
 * @param decay what follows the warm-up
 * @param warmup number of warm-up steps
 * @param total number of steps of the run
 * @param end factor at the last step, in [0, 1]; what a constant rate does not look at
 * @param power of what is left of the decay, above 0; 1 leaves its shape
 */
public record Schedule(Decay decay, int warmup, int total, double end, double power) {
  /** Shapes of the decay. */
  public enum Decay {
    /** Stays at 1. */
    CONSTANT,
    /** Straight to the end. */
    LINEAR,
    /** Half a cosine to the end. */
    COSINE;

    /**
     * The decay of that name.
     *
     * @param name "constant", "linear" or "cosine"
     * @return the decay
     */
    public static Decay named(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException if a count is negative, the warm-up longer than the run, or
   *     the end or power out of range
   */
  public Schedule {
    if (warmup < 0 || total < 1 || warmup > total) {
      throw new IllegalArgumentException(
          "a schedule of " + total + " steps cannot warm up for " + warmup);
    }
    if (!(end >= 0 && end <= 1) || !(power > 0)) {
      throw new IllegalArgumentException(
          "a schedule's end must lie in [0, 1] and its power above 0, not " + end + ", " + power);
    }
  }

  /**
   * A schedule that ends at 0.
   *
   * @param decay what follows the warm-up
   * @param warmup number of warm-up steps
   * @param total number of steps of the run
   */
  public Schedule(Decay decay, int warmup, int total) {
    this(decay, warmup, total, 0, 1);
  }

  /**
   * The factor of the learning rate at a step.
   *
   * @param step number of steps already done, from 0
   * @return a number in [0, 1]
   */
  public double factor(int step) {
    if (step < warmup) {
      return (double) step / Math.max(1, warmup);
    }
    double done = Math.min(1, (double) (step - warmup) / Math.max(1, total - warmup));
    double left =
        switch (decay) {
          case CONSTANT -> 1;
          case LINEAR -> 1 - done;
          case COSINE -> 0.5 * (1 + Math.cos(Math.PI * done));
        };
    return decay == Decay.CONSTANT ? 1 : end + (1 - end) * Math.pow(left, power);
  }
}
