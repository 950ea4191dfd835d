package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;

/**
 * How far a result may be from the reference: {@code absolute + relative * |expected|}; NaN and
 * infinities must be equal.
 */
record Tolerance(double relative, double absolute) {
  /** Equal bits, but for the sign of zero and the payload of NaN. */
  static final Tolerance EXACT = new Tolerance(0, 0);

  /** So many roundings of numbers of about size 1. */
  static Tolerance roundings(DType dtype, double count) {
    double epsilon = dtype == DType.F64 ? 0x1p-52 : 0x1p-23;
    return new Tolerance(count * epsilon, count * epsilon);
  }

  /** A sum of n terms of size 1 or less, in any fixed order. */
  static Tolerance sum(DType dtype, int n) {
    return roundings(dtype, 8 + n);
  }

  boolean accepts(double expected, double actual) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
  }
}
