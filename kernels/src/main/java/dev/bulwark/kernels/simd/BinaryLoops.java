package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;

import dev.bulwark.tensor.backend.Binary;
import java.util.Arrays;

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
    float[] left = as == 0 ? spread(Scratch.LANES_A, a[ao]) : a;
    float[] right = bs == 0 ? spread(Scratch.LANES_B, b[bo]) : b;
    int lo = as == 0 ? 0 : ao;
    int ro = bs == 0 ? 0 : bo;
    int whole = F.loopBound(n);
    vectors(op, left, lo, as, right, ro, bs, y, yo, whole);
    int rest = n - whole;
    if (rest > 0) { // the last few elements, as a vector of their own
      left = as == 0 ? left : part(Scratch.LANES_A, a, ao + whole, rest);
      right = bs == 0 ? right : part(Scratch.LANES_B, b, bo + whole, rest);
      vectors(op, left, 0, as, right, 0, bs, left, L, L); // behind it: step 0 reads left again
      System.arraycopy(left, L, y, yo + whole, rest);
    }
  }

  private static float[] spread(int slot, float value) {
    float[] lanes = Scratch.get().floats(slot, 2 * L);
    Arrays.fill(lanes, 0, L, value);
    return lanes;
  }

  private static float[] part(int slot, float[] x, int from, int n) {
    float[] lanes = Scratch.get().floats(slot, 2 * L);
    System.arraycopy(x, from, lanes, 0, n);
    return lanes;
  }

  /** The same for an n of whole vectors, as in the loops below. */
  private static void vectors(
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
    int whole = F.loopBound(n);
    for (int i = 0; i < whole; i += L) {
      load(x, xo + i).fma(Lanes.splat(factor), load(y, yo + i)).intoArray(y, yo + i);
    }
    for (int i = whole; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i], factor, y[yo + i]);
    }
  }

  /** y = factor * x + summand. */
  static void affine(float[] x, int xo, float factor, float summand, float[] y, int yo, int n) {
    int whole = F.loopBound(n);
    for (int i = 0; i < whole; i += L) {
      load(x, xo + i).fma(Lanes.splat(factor), Lanes.splat(summand)).intoArray(y, yo + i);
    }
    for (int i = whole; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i], factor, summand);
    }
  }

  private static void add(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      load(a, ao + i * as).add(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
  }

  private static void sub(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      load(a, ao + i * as).sub(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
  }

  private static void mul(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      load(a, ao + i * as).mul(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
  }

  private static void div(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      load(a, ao + i * as).div(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
  }

  private static void max(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      load(a, ao + i * as).max(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
  }

  private static void min(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      load(a, ao + i * as).min(load(b, bo + i * bs)).intoArray(y, yo + i);
    }
  }
}
