package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;

import dev.bulwark.tensor.backend.Unary;
import jdk.incubator.vector.FloatVector;

/**
 * Runs of y = f(x). One loop per function: a loop that chose its function inside would keep vectors
 * in objects.
 */
final class UnaryLoops {
  private UnaryLoops() {}

  /** y[yo + i] = op(x[xo + i]) for i below n. */
  static void run(Unary op, float[] x, int xo, float[] y, int yo, int n) {
    int whole = F.loopBound(n);
    vectors(op, x, xo, y, yo, whole);
    int rest = n - whole;
    if (rest > 0) { // the last few elements, as a vector of their own
      float[] lanes = Scratch.get().floats(Scratch.LANES_A, L);
      System.arraycopy(x, xo + whole, lanes, 0, rest);
      vectors(op, lanes, 0, lanes, 0, L);
      System.arraycopy(lanes, 0, y, yo + whole, rest);
    }
  }

  /** The same for an n of whole vectors, as in all loops below. */
  private static void vectors(Unary op, float[] x, int xo, float[] y, int yo, int n) {
    switch (op) {
      case NEG -> neg(x, xo, y, yo, n);
      case ABS -> abs(x, xo, y, yo, n);
      case SQUARE -> square(x, xo, y, yo, n);
      case SQRT -> sqrt(x, xo, y, yo, n);
      case RECIPROCAL -> reciprocal(x, xo, y, yo, n);
      case EXP -> exp(x, xo, y, yo, n);
      case LOG -> log(x, xo, y, yo, n);
      case TANH -> tanh(x, xo, y, yo, n);
      case SIGMOID -> sigmoid(x, xo, y, yo, n);
      case SOFTPLUS -> softplus(x, xo, y, yo, n);
      case RELU -> relu(x, xo, y, yo, n);
      case ERF -> erf(x, xo, y, yo, n);
      case GELU -> gelu(x, xo, y, yo, n);
      case GELU_TANH -> geluTanh(x, xo, y, yo, n);
      case SILU -> silu(x, xo, y, yo, n);
      case SIGN, SIN, COS -> one(op, x, xo, y, yo, n);
    }
  }

  private static void one(Unary op, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) op.at(x[xo + i]);
    }
  }

  private static void neg(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      neg(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector neg(FloatVector x) {
    return x.neg();
  }

  private static void abs(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      abs(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector abs(FloatVector x) {
    return x.abs();
  }

  private static void square(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      square(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector square(FloatVector x) {
    return x.mul(x);
  }

  private static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      sqrt(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector sqrt(FloatVector x) {
    return x.sqrt();
  }

  private static void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      reciprocal(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector reciprocal(FloatVector x) {
    return splat(1f).div(x);
  }

  static void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      exp(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector exp(FloatVector x) {
    return LaneMath.exp(x);
  }

  private static void log(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      log(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector log(FloatVector x) {
    return LaneMath.log(x);
  }

  private static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      sigmoid(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector sigmoid(FloatVector x) {
    return LaneMath.sigmoid(x);
  }

  private static void relu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      relu(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector relu(FloatVector x) {
    return x.max(0f);
  }

  private static void erf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      erf(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector erf(FloatVector x) {
    return LaneMath.erf(x);
  }

  private static void gelu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      gelu(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector gelu(FloatVector x) {
    return x.mul(LaneMath.normalCdf(x));
  }

  private static void silu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      silu(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector silu(FloatVector x) {
    return x.mul(LaneMath.sigmoid(x));
  }

  // ---- in steps

  static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      tanh(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector tanh(FloatVector x) {
    return LaneMath.tanh(x);
  }

  private static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    float[] e = Scratch.get().floats(Scratch.BLOCK, Blocks.SIZE);
    Blocks.each(
        n,
        (from, size) -> minusAbs(x, xo + from, e, 0, size),
        (from, size) -> exp(e, 0, e, 0, size),
        (from, size) -> softplusFrom(x, xo + from, e, y, yo + from, size));
  }

  private static void geluTanh(float[] x, int xo, float[] y, int yo, int n) {
    float[] tanh = Scratch.get().floats(Scratch.BLOCK_2, Blocks.SIZE);
    Blocks.each(
        n,
        (from, size) -> geluTanhInner(x, xo + from, tanh, 0, size),
        (from, size) -> tanh(tanh, 0, tanh, 0, size),
        (from, size) -> halfTimesOnePlus(x, xo + from, tanh, y, yo + from, size));
  }

  private static void minusAbs(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      minusAbs(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector minusAbs(FloatVector x) {
    return x.abs().neg();
  }

  private static void softplusFrom(float[] x, int xo, float[] e, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      LaneMath.softplusFrom(load(x, xo + i), load(e, i)).intoArray(y, yo + i);
    }
  }

  static void geluTanhInner(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      LaneMath.geluTanhInner(load(x, xo + i)).intoArray(y, yo + i);
    }
  }

  private static void halfTimesOnePlus(float[] x, int xo, float[] e, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      halfTimesOnePlus(load(x, xo + i), load(e, i)).intoArray(y, yo + i);
    }
  }

  private static FloatVector halfTimesOnePlus(FloatVector x, FloatVector t) {
    return x.mul(0.5f).mul(t.add(1f));
  }
}
