package dev.bulwark.tensor.backend;

import java.util.function.DoubleBinaryOperator;

/** Elementwise functions of two arguments. Comparisons give 1 or 0 and are written as U8. */
public enum Binary {
  /** a + b. */
  ADD((a, b) -> a + b),
  /** a - b. */
  SUB((a, b) -> a - b),
  /** a times b. */
  MUL((a, b) -> a * b),
  /** a / b. */
  DIV((a, b) -> a / b),
  /** The larger of both; NaN if either is. */
  MAX(Math::max),
  /** The smaller of both; NaN if either is. */
  MIN(Math::min),
  /** a to the power b. */
  POW(Math::pow),
  /** a = b. */
  EQ((a, b) -> a == b ? 1 : 0),
  /** a &lt; b. */
  LT((a, b) -> a < b ? 1 : 0),
  /** a &lt;= b. */
  LE((a, b) -> a <= b ? 1 : 0);

  private final DoubleBinaryOperator value;

  Binary(DoubleBinaryOperator value) {
    this.value = value;
  }

  /**
   * The function's value.
   *
   * @param a first argument
   * @param b second argument
   * @return f(a, b)
   */
  public double at(double a, double b) {
    return value.applyAsDouble(a, b);
  }

  /**
   * Whether the result is a truth value.
   *
   * @return true for EQ, LT and LE
   */
  public boolean isComparison() {
    return this == EQ || this == LT || this == LE;
  }
}
