package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of a vector of floats, by polynomials and quotients fitted for this purpose.
 *
 * <p>The compiler must inline these into loops, else vectors turn into objects. It stops at 325
 * bytes of a method, and where a compilation has some 60 vector operations (18,000 nodes), the rest
 * of the loop included. So methods are short, loops have no masked second copy for the last
 * elements, and what is still too large comes in steps for {@link Blocks}.
 *
 * <p>Errors, in units of the last place against double arithmetic: exp and log at most 1.5, tanh
 * 2.5, the logistic function 3, erf 6. NaN gives NaN. The library's own {@code VectorOperators.EXP}
 * and the like are not used: their bits differ between interpreter and compiler.
 */
final class LaneMath {
  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 0.69314575f; // 16 bits, so that n * LN2_HIGH is exact
  private static final float LN2_LOW = 1.4286068e-6f;
  private static final float EXP_OVERFLOW = 88.72283f;
  private static final float EXP_UNDERFLOW = -87.33654f; // below: less than the least normal float

  /** Adding 1.5 * 2^23 rounds to an integer, which then sits in the low bits. */
  private static final float ROUND = 12582912f;

  private static final int ONE_BITS = Float.floatToRawIntBits(1);

  private static final float SQRT_HALF = 0.70710677f;
  private static final int SQRT_HALF_BITS = Float.floatToRawIntBits(SQRT_HALF);
  private static final float LOG_2_POW_23 = 15.942385f;

  private static final float GELU_FAR = 13f; // beyond it e^(-x^2 / 2) is less than 1e-36

  private static final float SQRT_2_OVER_PI = 0.7978846f;
  private static final float GELU_CUBIC = 0.044715f;
  private static final float ERF_LIMIT = 3.92f; // beyond it erf rounds to 1

  private static final float TANH_NEAR_SQUARED = 0.390625f; // 0.625 squared

  private LaneMath() {}

  /** e to the x; results below the least normal number are 0. */
  static FloatVector exp(FloatVector x) {
    FloatVector t = x.fma(splat(LOG2_E), splat(ROUND));
    FloatVector n = t.sub(ROUND);
    FloatVector r = n.fma(splat(-LN2_HIGH), x);
    r = n.fma(splat(-LN2_LOW), r);
    FloatVector p = r.fma(splat(0.0013901306f), splat(0.0083632f));
    p = p.fma(r, splat(0.041666854f));
    p = p.fma(r, splat(0.16666576f));
    p = p.fma(r, splat(0.5f));
    p = p.fma(r.mul(r), r).add(1f);
    IntVector exponent = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector y = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    y = y.blend(0f, x.compare(VectorOperators.LT, EXP_UNDERFLOW));
    y = y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, EXP_OVERFLOW));
    return y.blend(x, x.compare(VectorOperators.NE, x));
  }

  /** {@link #exp} of numbers of at most 0, or NaN: without a look at overflow it is cheaper. */
  static FloatVector expOfNegative(FloatVector x) {
    FloatVector t = x.fma(splat(LOG2_E), splat(ROUND));
    FloatVector n = t.sub(ROUND);
    FloatVector r = n.fma(splat(-LN2_HIGH), x);
    r = n.fma(splat(-LN2_LOW), r);
    FloatVector p = r.fma(splat(0.0013901306f), splat(0.0083632f));
    p = p.fma(r, splat(0.041666854f));
    p = p.fma(r, splat(0.16666576f));
    p = p.fma(r, splat(0.5f));
    p = p.fma(r.mul(r), r).add(1f);
    // 2^n as a factor, since n is -126 to 0 where it matters, and a factor keeps NaN.
    IntVector power = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE_BITS);
    return p.mul(power.reinterpretAsFloats())
        .blend(0f, x.compare(VectorOperators.LT, EXP_UNDERFLOW));
  }

  /** Natural logarithm. */
  static FloatVector log(FloatVector x) {
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    FloatVector y = logOfNormal(x.blend(x.mul(0x1p23f), tiny));
    y = y.sub(zero().blend(LOG_2_POW_23, tiny));
    y = y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
    return y.blend(Float.NaN, x.compare(VectorOperators.GE, 0f).not());
  }

  /** Natural logarithm of positive normal numbers: x = 2^n (1 + f) with 1 + f about sqrt(1/2). */
  static FloatVector logOfNormal(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector n = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    IntVector mantissa = bits.sub(n.lanewise(VectorOperators.LSHL, 23));
    FloatVector e = (FloatVector) n.convert(VectorOperators.I2F, 0);
    FloatVector f = mantissa.reinterpretAsFloats().sub(1f);
    FloatVector f2 = f.mul(f);
    FloatVector small = e.fma(splat(LN2_LOW), f2.mul(f).mul(logTail(f)));
    small = f2.fma(splat(-0.5f), small);
    return e.fma(splat(LN2_HIGH), f.add(small));
  }

  /** (log(1 + f) - f + f^2 / 2) / f^3. */
  private static FloatVector logTail(FloatVector f) {
    FloatVector p = f.fma(splat(0.069177024f), splat(-0.11779647f));
    p = p.fma(f, splat(0.11866158f));
    p = p.fma(f, splat(-0.123858094f));
    p = p.fma(f, splat(0.14219901f));
    p = p.fma(f, splat(-0.16669196f));
    p = p.fma(f, splat(0.20002152f));
    p = p.fma(f, splat(-0.24999987f));
    return p.fma(f, splat(0.3333331f));
  }

  /** Hyperbolic tangent: a polynomial near 0, (1 - e) / (1 + e) with e = e^(-2 |x|) elsewhere. */
  static FloatVector tanh(FloatVector x) {
    FloatVector t = x.mul(x);
    FloatVector p = t.fma(splat(-0.0057174996f), splat(0.020651046f));
    p = p.fma(t, splat(-0.05374366f));
    p = p.fma(t, splat(0.13331494f));
    p = p.fma(t, splat(-0.33333284f));
    FloatVector near = x.fma(p.mul(t), x);
    FloatVector e = expOfNegative(x.abs().mul(-2f));
    FloatVector far = splat(1f).sub(e.add(e).div(e.add(1f)));
    far = far.blend(far.neg(), x.compare(VectorOperators.LT, 0f));
    return far.blend(near, t.compare(VectorOperators.LT, TANH_NEAR_SQUARED));
  }

  /** Logistic function 1 / (1 + e^-x). */
  static FloatVector sigmoid(FloatVector x) {
    return splat(1f).div(exp(x.neg()).add(1f));
  }

  /** log(1 + e^x), given e = e^-|x|, without overflow. */
  static FloatVector softplusFrom(FloatVector x, FloatVector e) {
    FloatVector u = e.add(1f);
    // log(1 + e) = log(u) + (e - (u - 1)) / u: the second term is what u lost by rounding
    FloatVector log1p = logOfNormal(u).add(e.sub(u.sub(1f)).div(u));
    return x.max(0f).add(log1p);
  }

  /** Error function. */
  static FloatVector erf(FloatVector x) {
    FloatVector t = x.mul(x);
    FloatVector p = t.fma(splat(2.0500556e-6f), splat(0.00028488165f));
    p = p.fma(t, splat(0.0037656554f));
    p = p.fma(t, splat(0.052748855f));
    p = p.fma(t, splat(0.19040762f));
    p = p.fma(t, splat(1.1283791f));
    FloatVector q = t.fma(splat(3.8091326e-5f), splat(0.0011625409f));
    q = q.fma(t, splat(0.014969302f));
    q = q.fma(t, splat(0.11410957f));
    q = q.fma(t, splat(0.5020771f));
    q = q.fma(t, splat(1f));
    FloatVector y = x.mul(p).div(q);
    y = y.blend(1f, x.compare(VectorOperators.GT, ERF_LIMIT));
    return y.blend(-1f, x.compare(VectorOperators.LT, -ERF_LIMIT));
  }

  /** Distribution function of the standard normal; absolute error about 1e-7. */
  static FloatVector normalCdf(FloatVector x) {
    return erf(x.mul(SQRT_HALF)).fma(splat(0.5f), splat(0.5f));
  }

  /**
   * Slope of GELU, Phi(x) + x phi(x); absolute error about 1.5e-7. For negative x it is a bell
   * times a smooth function of |x|; for positive x, one minus the same.
   */
  static FloatVector geluSlope(FloatVector x) {
    FloatVector z = x.abs();
    z = z.blend(GELU_FAR, z.compare(VectorOperators.GT, GELU_FAR));
    FloatVector lower = bell(z).mul(geluTail(z));
    return splat(1f).sub(lower).blend(lower, x.compare(VectorOperators.LT, 0f));
  }

  /** e^(-z^2 / 2) of z up to 13, to about 1e-7 in absolute terms; anything for NaN. */
  private static FloatVector bell(FloatVector z) {
    FloatVector square = z.mul(z);
    FloatVector t = square.fma(splat(-0.5f * LOG2_E), splat(ROUND));
    FloatVector f = square.fma(splat(-0.5f * LOG2_E), splat(ROUND).sub(t));
    FloatVector p = f.fma(splat(0.0013276472f), splat(0.009675542f));
    p = p.fma(f, splat(0.05550713f));
    p = p.fma(f, splat(0.2402212f));
    p = p.fma(f, splat(0.69314694f));
    p = p.fma(f, splat(1.0000001f));
    IntVector exponent = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  /** (1 - Phi(z)) / e^(-z^2 / 2) - z / sqrt(2 pi) of z up to 5.5; finite up to 13. */
  private static FloatVector geluTail(FloatVector z) {
    FloatVector p = z.fma(splat(-3.1554407e-07f), splat(7.7088e-06f));
    p = p.fma(z, splat(-8.477117e-05f));
    p = p.fma(z, splat(0.0005636536f));
    p = p.fma(z, splat(-0.002590093f));
    p = p.fma(z, splat(0.0090038525f));
    p = p.fma(z, splat(-0.025471823f));
    p = p.fma(z, splat(0.061923936f));
    p = p.fma(z, splat(-0.1328058f));
    p = p.fma(z, splat(0.24997257f));
    p = p.fma(z, splat(-0.79788285f));
    return p.fma(z, splat(0.49999997f));
  }

  /** sqrt(2/pi) (x + 0.044715 x^3), of which GELU by tanh takes the tanh. */
  static FloatVector geluTanhInner(FloatVector x) {
    FloatVector cubic = x.mul(x).fma(splat(GELU_CUBIC), splat(1f));
    return x.mul(cubic).mul(SQRT_2_OVER_PI);
  }

  /** Slope of GELU by tanh, given that tanh. */
  static FloatVector geluTanhSlope(FloatVector x, FloatVector tanh) {
    FloatVector slope = x.mul(x).fma(splat(3 * GELU_CUBIC), splat(1f)).mul(SQRT_2_OVER_PI);
    FloatVector rest = tanh.mul(tanh).neg().add(1f).mul(x).mul(slope);
    return tanh.add(1f).add(rest).mul(0.5f);
  }
}
