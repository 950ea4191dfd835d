package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.reference.Special;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Elementwise functions of one argument: one constant holds value and derivative. */
public enum Unary {
  /** -x. */
  NEG(x -> -x, (x, y) -> -1),
  /** Absolute value; slope 0 at 0. */
  ABS(Math::abs, (x, y) -> Math.signum(x)),
  /** Sign: -1, 0 or 1; slope 0. */
  SIGN(Math::signum, (x, y) -> 0),
  /** x squared. */
  SQUARE(x -> x * x, (x, y) -> 2 * x),
  /** Square root. */
  SQRT(Math::sqrt, (x, y) -> 0.5 / y),
  /** 1 / x. */
  RECIPROCAL(x -> 1 / x, (x, y) -> -y * y),
  /** e to the x. */
  EXP(Math::exp, (x, y) -> y),
  /** Natural logarithm. */
  LOG(Math::log, (x, y) -> 1 / x),
  /** Hyperbolic tangent. */
  TANH(Math::tanh, (x, y) -> 1 - y * y),
  /** Logistic function 1 / (1 + e^-x). */
  SIGMOID(Special::sigmoid, (x, y) -> y * (1 - y)),
  /** log(1 + e^x), without overflow. */
  SOFTPLUS(Special::softplus, (x, y) -> Special.sigmoid(x)),
  /** max(x, 0); slope 0 at 0. */
  RELU(x -> Math.max(x, 0), (x, y) -> x > 0 ? 1 : 0),
  /** Error function. */
  ERF(Special::erf, (x, y) -> Special.TWO_OVER_SQRT_PI * Math.exp(-x * x)),
  /**
   * Gaussian error linear unit, x times the normal distribution function (Hendrycks 2016, eq. 1).
   */
  GELU(x -> x * Special.normalCdf(x), (x, y) -> Special.normalCdf(x) + x * Special.normalPdf(x)),
  /** GELU by tanh (Hendrycks 2016, eq. 2), as ALBERT and GPT-2 use it. */
  GELU_TANH(Special::geluTanh, (x, y) -> Special.geluTanhSlope(x)),
  /** x times sigmoid(x). */
  SILU(
      x -> x * Special.sigmoid(x),
      (x, y) -> Special.sigmoid(x) * (1 + x * (1 - Special.sigmoid(x)))),
  /** Sine. */
  SIN(Math::sin, (x, y) -> Math.cos(x)),
  /** Cosine. */
  COS(Math::cos, (x, y) -> -Math.sin(x));

  private final DoubleUnaryOperator value;
  private final DoubleBinaryOperator slope;

  Unary(DoubleUnaryOperator value, DoubleBinaryOperator slope) {
    this.value = value;
    this.slope = slope;
  }

  /**
   * The function's value.
   *
   * @param x argument
   * @return f(x)
   */
  public double at(double x) {
    return value.applyAsDouble(x);
  }

  /**
   * The function's derivative.
   *
   * @param x argument
   * @param y f(x), already known
   * @return f'(x)
   */
  public double slope(double x, double y) {
    return slope.applyAsDouble(x, y);
  }
}
