package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;

import dev.bulwark.tensor.backend.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Runs of dx = dy f'(x), the other half of {@link UnaryLoops}: each from x or from y = f(x),
 * whichever is cheaper.
 */
final class UnaryGradLoops {
  private static final float TWO_OVER_SQRT_PI = 1.1283792f;

  private UnaryGradLoops() {}

  /** r[ro + i] = d[o + i] * op'(x[xo + i], y[yo + i]) for i below n. */
  static void run(
      Unary op, float[] x, int xo, float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    int whole = F.loopBound(n);
    vectors(op, x, xo, y, yo, d, o, r, ro, whole);
    int rest = n - whole;
    if (rest > 0) { // the last few elements, as vectors of their own
      float[] lanes = Scratch.get().floats(Scratch.LANES_B, 3 * L);
      System.arraycopy(x, xo + whole, lanes, 0, rest);
      System.arraycopy(y, yo + whole, lanes, L, rest);
      System.arraycopy(d, o + whole, lanes, 2 * L, rest);
      vectors(op, lanes, 0, lanes, L, lanes, 2 * L, lanes, 0, L);
      System.arraycopy(lanes, 0, r, ro + whole, rest);
    }
  }

  /** The same for an n of whole vectors, as in all loops below. */
  private static void vectors(
      Unary op, float[] x, int xo, float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    switch (op) {
      case NEG -> UnaryLoops.run(op, d, o, r, ro, n);
      case ABS -> abs(x, xo, d, o, r, ro, n);
      case SQUARE -> square(x, xo, d, o, r, ro, n);
      case LOG -> log(x, xo, d, o, r, ro, n);
      case SOFTPLUS -> softplus(x, xo, d, o, r, ro, n);
      case RELU -> relu(x, xo, d, o, r, ro, n);
      case ERF -> erf(x, xo, d, o, r, ro, n);
      case GELU_TANH -> geluTanh(x, xo, d, o, r, ro, n);
      case SILU -> silu(x, xo, d, o, r, ro, n);
      case SQRT -> sqrt(y, yo, d, o, r, ro, n);
      case RECIPROCAL -> reciprocal(y, yo, d, o, r, ro, n);
      case EXP -> exp(y, yo, d, o, r, ro, n);
      case TANH -> tanh(y, yo, d, o, r, ro, n);
      case SIGMOID -> sigmoid(y, yo, d, o, r, ro, n);
      case GELU -> gelu(x, xo, d, o, r, ro, n);
      case SIGN, SIN, COS -> one(op, x, xo, y, yo, d, o, r, ro, n);
    }
  }

  private static void one(
      Unary op, float[] x, int xo, float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i++) {
      r[ro + i] = (float) (d[o + i] * op.slope(x[xo + i], y[yo + i]));
    }
  }

  // ---- in steps, like some of the functions themselves

  private static void gelu(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      load(d, o + i).mul(LaneMath.geluSlope(load(x, xo + i))).intoArray(r, ro + i);
    }
  }

  private static void geluTanh(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    float[] tanh = Scratch.get().floats(Scratch.BLOCK_2, Blocks.SIZE);
    Blocks.each(
        n,
        (from, size) -> UnaryLoops.geluTanhInner(x, xo + from, tanh, 0, size),
        (from, size) -> UnaryLoops.tanh(tanh, 0, tanh, 0, size),
        (from, size) -> geluTanhFrom(x, xo + from, tanh, d, o + from, r, ro + from, size));
  }

  private static void geluTanhFrom(
      float[] x, int xo, float[] tanh, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector slope = LaneMath.geluTanhSlope(load(x, xo + i), load(tanh, i));
      load(d, o + i).mul(slope).intoArray(r, ro + i);
    }
  }

  private static FloatVector siluSlope(FloatVector x, FloatVector sigmoid) {
    return sigmoid.mul(x.mul(sigmoid.neg().add(1f)).add(1f));
  }

  private static void abs(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      abs(load(x, xo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector abs(FloatVector x, FloatVector d) {
    FloatVector signed = d.blend(d.neg(), x.compare(VectorOperators.LT, 0f));
    // At 0 the slope is 0, and at NaN it is NaN: both are x.
    return signed.blend(
        d.mul(x), x.compare(VectorOperators.EQ, 0f).or(x.test(VectorOperators.IS_NAN)));
  }

  private static void square(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      square(load(x, xo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector square(FloatVector x, FloatVector d) {
    return d.mul(x.add(x));
  }

  private static void log(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      log(load(x, xo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector log(FloatVector x, FloatVector d) {
    return d.div(x);
  }

  private static void softplus(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      softplus(load(x, xo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector softplus(FloatVector x, FloatVector d) {
    return d.mul(LaneMath.sigmoid(x));
  }

  private static void relu(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      relu(load(x, xo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector relu(FloatVector x, FloatVector d) {
    return Lanes.zero().blend(d, x.compare(VectorOperators.GT, 0f));
  }

  private static void erf(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      erf(load(x, xo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector erf(FloatVector x, FloatVector d) {
    return d.mul(LaneMath.exp(x.mul(x).neg()).mul(TWO_OVER_SQRT_PI));
  }

  private static void silu(float[] x, int xo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      silu(load(x, xo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector silu(FloatVector x, FloatVector d) {
    return siluSlope(x, LaneMath.sigmoid(x)).mul(d);
  }

  private static void sqrt(float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      sqrt(load(y, yo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector sqrt(FloatVector y, FloatVector d) {
    return d.mul(0.5f).div(y);
  }

  private static void reciprocal(float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      reciprocal(load(y, yo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector reciprocal(FloatVector y, FloatVector d) {
    return d.mul(y.mul(y)).neg();
  }

  private static void exp(float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      exp(load(y, yo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector exp(FloatVector y, FloatVector d) {
    return d.mul(y);
  }

  private static void tanh(float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      tanh(load(y, yo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector tanh(FloatVector y, FloatVector d) {
    return d.mul(y.mul(y).neg().add(1f));
  }

  private static void sigmoid(float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    for (int i = 0; i < n; i += L) {
      sigmoid(load(y, yo + i), load(d, o + i)).intoArray(r, ro + i);
    }
  }

  private static FloatVector sigmoid(FloatVector y, FloatVector d) {
    return d.mul(y.mul(y.neg().add(1f)));
  }
}
