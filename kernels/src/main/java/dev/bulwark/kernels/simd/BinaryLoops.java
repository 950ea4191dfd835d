package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.tail;

import dev.bulwark.tensor.backend.Binary;
import jdk.incubator.vector.FloatVector;

/**
 * Runs of y = f(a, b), where a and b advance by one element (step 1) or stay (step 0).
 *
 * <p>What stays is first spread over a vector's worth of memory, so that one loop serves all cases.
 */
final class BinaryLoops {
  private BinaryLoops() {}

  /** y[yo + i] = op(a[ao + i * as], b[bo + i * bs]) for i below n; steps are 0 or 1. */
  static void run(
      Binary op, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    float[] left = as == 0 ? spread(Scratch.SPLAT_A, a[ao]) : a;
    float[] right = bs == 0 ? spread(Scratch.SPLAT_B, b[bo]) : b;
    step(op, left, as == 0 ? 0 : ao, as, right, bs == 0 ? 0 : bo, bs, y, yo, n);
  }

  private static float[] spread(int slot, float value) {
    float[] lanes = Scratch.get().floats(slot, L);
    Lanes.splat(value).intoArray(lanes, 0);
    return lanes;
  }

  private static void step(
      Binary op, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    switch (op) {
      case ADD -> add(a, ao, as, b, bo, bs, y, yo, n);
      case SUB -> sub(a, ao, as, b, bo, bs, y, yo, n);
      case MUL -> mul(a, ao, as, b, bo, bs, y, yo, n);
      case DIV -> div(a, ao, as, b, bo, bs, y, yo, n);
      case MAX -> max(a, ao, as, b, bo, bs, y, yo, n);
      case MIN -> min(a, ao, as, b, bo, bs, y, yo, n);
      case POW -> pow(a, ao, as, b, bo, bs, y, yo, n);
      case EQ, LT, LE -> throw new IllegalArgumentException(op + " writes truth values");
    }
  }

  private static void pow(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) Math.pow(a[ao + i * as], b[bo + i * bs]);
    }
  }

  /** y = y + factor * x. */
  static void addScaled(float[] x, int xo, float factor, float[] y, int yo, int n) {
    FloatVector f = Lanes.splat(factor);
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(x, xo + i).fma(f, load(y, yo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(x, xo + i, m).fma(f, load(y, yo + i, m)).intoArray(y, yo + i, m);
    }
  }

  /** y = factor * x + summand. */
  static void affine(float[] x, int xo, float factor, float summand, float[] y, int yo, int n) {
    FloatVector f = Lanes.splat(factor);
    FloatVector s = Lanes.splat(summand);
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(x, xo + i).fma(f, s).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(x, xo + i, m).fma(f, s).intoArray(y, yo + i, m);
    }
  }

  private static void add(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(a, ao + i * as).add(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(a, ao + i * as, m).add(load(b, bo + i * bs, m)).intoArray(y, yo + i, m);
    }
  }

  private static void sub(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(a, ao + i * as).sub(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(a, ao + i * as, m).sub(load(b, bo + i * bs, m)).intoArray(y, yo + i, m);
    }
  }

  private static void mul(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(a, ao + i * as).mul(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(a, ao + i * as, m).mul(load(b, bo + i * bs, m)).intoArray(y, yo + i, m);
    }
  }

  private static void div(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(a, ao + i * as).div(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(a, ao + i * as, m).div(load(b, bo + i * bs, m)).intoArray(y, yo + i, m);
    }
  }

  private static void max(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(a, ao + i * as).max(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(a, ao + i * as, m).max(load(b, bo + i * bs, m)).intoArray(y, yo + i, m);
    }
  }

  private static void min(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(a, ao + i * as).min(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(a, ao + i * as, m).min(load(b, bo + i * bs, m)).intoArray(y, yo + i, m);
    }
  }
}
