package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.tail;
import static dev.bulwark.kernels.simd.Lanes.zero;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * What is done over n neighbouring floats: sums, extremes, exponentials. The order of a sum depends
 * on n alone. Where whole vectors are the rule, the last elements are left to a caller of the loop:
 * compiled code that meets them for the first time is thrown away, and that should not be the loop.
 */
final class RowLoops {
  private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, F.vectorShape());
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  private RowLoops() {}

  /** Sum of x[o..o+n). */
  static float sum(float[] x, int o, int n) {
    FloatVector s0 = zero();
    FloatVector s1 = zero();
    int i = 0;
    for (int end = n - n % (2 * L); i < end; i += 2 * L) {
      s0 = s0.add(load(x, o + i));
      s1 = s1.add(load(x, o + i + L));
    }
    for (; i < n; i += L) {
      s0 = s0.add(load(x, o + i, tail(i, n)));
    }
    return Lanes.sum(s0.add(s1));
  }

  /** Sum of (x - shift)^2. */
  static float sumOfSquares(float[] x, int o, int n, float shift) {
    FloatVector s0 = zero();
    FloatVector s1 = zero();
    int i = 0;
    for (int end = n - n % (2 * L); i < end; i += 2 * L) {
      FloatVector a = load(x, o + i).sub(shift);
      FloatVector b = load(x, o + i + L).sub(shift);
      s0 = a.fma(a, s0);
      s1 = b.fma(b, s1);
    }
    for (; i < n; i += L) {
      var m = tail(i, n);
      FloatVector a = zero().blend(load(x, o + i, m).sub(shift), m);
      s0 = a.fma(a, s0);
    }
    return Lanes.sum(s0.add(s1));
  }

  /** Sum of x * y. */
  static float dot(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector s0 = zero();
    FloatVector s1 = zero();
    int i = 0;
    for (int end = n - n % (2 * L); i < end; i += 2 * L) {
      s0 = load(x, xo + i).fma(load(y, yo + i), s0);
      s1 = load(x, xo + i + L).fma(load(y, yo + i + L), s1);
    }
    for (; i < n; i += L) {
      var m = tail(i, n);
      s0 = load(x, xo + i, m).fma(load(y, yo + i, m), s0);
    }
    return Lanes.sum(s0.add(s1));
  }

  /** Largest element; minus infinity over nothing; NaN if there is one. */
  static float max(float[] x, int o, int n) {
    FloatVector best = splat(Float.NEGATIVE_INFINITY);
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      best = best.max(load(x, o + i));
    }
    if (i < n) {
      best = best.max(splat(Float.NEGATIVE_INFINITY).blend(load(x, o + i, tail(i, n)), tail(i, n)));
    }
    return best.reduceLanes(VectorOperators.MAX);
  }

  /**
   * Largest element that is not NaN; minus infinity if there is none. Cheaper than {@link #max},
   * for callers who meet a NaN in the next pass.
   */
  static float maxWithoutNaN(float[] x, int o, int n) {
    FloatVector m0 = splat(Float.NEGATIVE_INFINITY);
    FloatVector m1 = m0;
    int i = 0;
    for (int end = n - n % (2 * L); i < end; i += 2 * L) {
      m0 = greater(m0, load(x, o + i));
      m1 = greater(m1, load(x, o + i + L));
    }
    for (; i < n; i += L) {
      var m = tail(i, n);
      FloatVector v = load(x, o + i, m);
      m0 = m0.blend(v, v.compare(VectorOperators.GT, m0, m));
    }
    return greater(m0, m1).reduceLanes(VectorOperators.MAX);
  }

  private static FloatVector greater(FloatVector a, FloatVector b) {
    return a.blend(b, b.compare(VectorOperators.GT, a));
  }

  /** Smallest element; infinity over nothing; NaN if there is one. */
  static float min(float[] x, int o, int n) {
    FloatVector best = splat(Float.POSITIVE_INFINITY);
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      best = best.min(load(x, o + i));
    }
    if (i < n) {
      best = best.min(splat(Float.POSITIVE_INFINITY).blend(load(x, o + i, tail(i, n)), tail(i, n)));
    }
    return best.reduceLanes(VectorOperators.MIN);
  }

  /**
   * y = e^(x - shift), where no x exceeds the shift; returns the sum of y. x and y may be the same.
   */
  static float expAndSum(float[] x, int xo, float shift, float[] y, int yo, int n) {
    FloatVector s = zero();
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      FloatVector e = LaneMath.expOfNegative(load(x, xo + i).sub(shift));
      e.intoArray(y, yo + i);
      s = s.add(e);
    }
    if (i < n) {
      var m = tail(i, n);
      FloatVector e = zero().blend(LaneMath.expOfNegative(load(x, xo + i, m).sub(shift)), m);
      e.intoArray(y, yo + i, m);
      s = s.add(e);
    }
    return Lanes.sum(s);
  }

  /** Sum of e^(x - shift), where no x exceeds the shift. */
  static float sumExp(float[] x, int xo, float shift, int n) {
    FloatVector s = zero();
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      s = s.add(LaneMath.expOfNegative(load(x, xo + i).sub(shift)));
    }
    if (i < n) {
      var m = tail(i, n);
      s = s.add(zero().blend(LaneMath.expOfNegative(load(x, xo + i, m).sub(shift)), m));
    }
    return Lanes.sum(s);
  }

  /** y = x * factor. */
  static void scale(float[] x, int xo, float factor, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(x, xo + i).mul(factor).intoArray(y, yo + i);
    }
    if (i < n) {
      load(x, xo + i, tail(i, n)).mul(factor).intoArray(y, yo + i, tail(i, n));
    }
  }

  /** y = y + x. */
  static void add(float[] x, int xo, float[] y, int yo, int n) {
    int whole = F.loopBound(n);
    addVectors(x, xo, y, yo, whole);
    for (int i = whole; i < n; i++) {
      y[yo + i] += x[xo + i];
    }
  }

  private static void addVectors(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      load(y, yo + i).add(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  /** y = max(y, x). */
  static void max(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(y, yo + i).max(load(x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(y, yo + i, m).max(load(x, xo + i, m)).intoArray(y, yo + i, m);
    }
  }

  /** y = min(y, x). */
  static void min(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(y, yo + i).min(load(x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(y, yo + i, m).min(load(x, xo + i, m)).intoArray(y, yo + i, m);
    }
  }

  /** Whether no element is NaN or infinite. */
  static boolean allFinite(float[] x, int o, int n) {
    FloatVector s = zero(); // stays 0 as long as x - x is 0, that is, x finite
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      FloatVector v = load(x, o + i);
      s = s.add(v.sub(v));
    }
    if (i < n) {
      FloatVector v = load(x, o + i, tail(i, n));
      s = s.add(v.sub(v));
    }
    return s.compare(VectorOperators.EQ, 0f).allTrue();
  }

  /** Sum of squares in double. */
  static double sumOfSquaresInDouble(float[] x, int o, int n) {
    int whole = n - n % (2 * L);
    double sum = squaresOfVectors(x, o, whole);
    for (int i = whole; i < n; i++) {
      sum += (double) x[o + i] * x[o + i];
    }
    return sum;
  }

  private static double squaresOfVectors(float[] x, int o, int n) {
    DoubleVector s0 = DoubleVector.zero(D);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    for (int i = 0; i < n; i += 2 * L) {
      DoubleVector a = doubles(x, o + i);
      DoubleVector b = doubles(x, o + i + L / 2);
      DoubleVector c = doubles(x, o + i + L);
      DoubleVector d = doubles(x, o + i + L + L / 2);
      s0 = a.fma(a, s0);
      s1 = b.fma(b, s1);
      s2 = c.fma(c, s2);
      s3 = d.fma(d, s3);
    }
    DoubleVector lanes = s0.add(s1).add(s2.add(s3));
    double sum = 0;
    for (int lane = 0; lane < D.length(); lane++) {
      sum += lanes.lane(lane);
    }
    return sum;
  }

  /** Half a vector of floats as a vector of doubles. */
  private static DoubleVector doubles(float[] x, int at) {
    return (DoubleVector) FloatVector.fromArray(HALF, x, at).castShape(D, 0);
  }
}
