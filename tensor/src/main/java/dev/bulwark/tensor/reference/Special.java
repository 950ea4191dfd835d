package dev.bulwark.tensor.reference;

/** Special functions in double precision. */
public final class Special {
  /** 2 / sqrt(pi). */
  public static final double TWO_OVER_SQRT_PI = 1.1283791670955126;

  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double ONE_OVER_SQRT_TWO_PI = 0.3989422804014327;
  private static final double SQRT_TWO_OVER_PI = 0.7978845608028654;
  private static final double GELU_CUBIC = 0.044715;

  private Special() {}

  /**
   * Error function, to about 1e-15.
   *
   * @param x any number
   * @return erf(x)
   */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (a >= 6) {
      return Math.signum(x);
    }
    if (Double.isNaN(x)) {
      return x;
    }
    // erf(a) = 2/sqrt(pi) e^(-a^2) sum of 2^n a^(2n+1) / (2n+1)!!: only positive terms, no
    // cancellation.
    double term = a;
    double sum = a;
    for (int n = 1; term > sum * 1e-17; n++) {
      term *= 2 * a * a / (2 * n + 1);
      sum += term;
    }
    return Math.copySign(Math.min(1, TWO_OVER_SQRT_PI * Math.exp(-a * a) * sum), x);
  }

  /**
   * Distribution function of the standard normal, with full relative accuracy only above -3.
   *
   * @param x any number
   * @return probability below x
   */
  public static double normalCdf(double x) {
    return 0.5 * (1 + erf(x * SQRT_HALF));
  }

  /**
   * Density of the standard normal.
   *
   * @param x any number
   * @return density at x
   */
  public static double normalPdf(double x) {
    return ONE_OVER_SQRT_TWO_PI * Math.exp(-0.5 * x * x);
  }

  /**
   * Logistic function.
   *
   * @param x any number
   * @return 1 / (1 + e^-x), without overflow
   */
  public static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  /**
   * log(1 + e^x).
   *
   * @param x any number
   * @return softplus, without overflow
   */
  public static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /**
   * GELU by tanh.
   *
   * @param x any number
   * @return x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
   */
  public static double geluTanh(double x) {
    return 0.5 * x * (1 + Math.tanh(SQRT_TWO_OVER_PI * (x + GELU_CUBIC * x * x * x)));
  }

  /**
   * Derivative of {@link #geluTanh}.
   *
   * @param x any number
   * @return the slope
   */
  public static double geluTanhSlope(double x) {
    double t = Math.tanh(SQRT_TWO_OVER_PI * (x + GELU_CUBIC * x * x * x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * SQRT_TWO_OVER_PI * (1 + 3 * GELU_CUBIC * x * x);
  }
}
