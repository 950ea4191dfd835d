package dev.bulwark.autograd;

import java.util.function.Supplier;

/**
 * Multiplies what backward passes start from, and divides the gradients at the leaves by it again:
 * small gradients then do not vanish in products of half precision (Micikevicius et al., "Mixed
 * precision training", ICLR 2018, section 3.2). Objectives need not know.
 */
public final class LossScale {
  private static final ScopedValue<Double> CURRENT = ScopedValue.newInstance();

  private LossScale() {}

  /**
   * Runs a body whose backward passes are scaled.
   *
   * @param scale a power of two, so that scaling loses no bit; 1 changes nothing
   * @param body what to run
   * @param <T> type of the result
   * @return the body's result
   */
  public static <T> T with(double scale, Supplier<T> body) {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("loss scale " + scale + " is not a positive number");
    }
    return ScopedValue.where(CURRENT, scale).call(body::get);
  }

  static double current() {
    return CURRENT.isBound() ? CURRENT.get() : 1;
  }
}
