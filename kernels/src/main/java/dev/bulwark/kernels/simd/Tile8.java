package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.zero;

import jdk.incubator.vector.FloatVector;

/**
 * Products of 8 rows, for machines with 32 vector registers.
 *
 * <p>Each method computes a tile c = s + a b of 8 rows and one to three vectors of columns, with
 * the tile in registers: one accumulator per variable, because arrays would be spilled. Every
 * element is a chain of fused multiply-adds over k = 0, 1, ..., whatever the method, so it does not
 * matter for the bits which tile an element falls into. Rows of c are ldc apart, rows of s are lds
 * apart (0 repeats one row). There is no branch that leaves s out: the compiler would bet on it,
 * lose, and compile again while a training step waits.
 */
final class Tile8 {
  /** Rows of a tile. */
  static final int ROWS = 8;

  private Tile8() {}

  /** Three vectors wide. a [k][8], b [k][3 L]. */
  static void x3(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = zero();
    FloatVector c01 = zero();
    FloatVector c02 = zero();
    FloatVector c10 = zero();
    FloatVector c11 = zero();
    FloatVector c12 = zero();
    FloatVector c20 = zero();
    FloatVector c21 = zero();
    FloatVector c22 = zero();
    FloatVector c30 = zero();
    FloatVector c31 = zero();
    FloatVector c32 = zero();
    FloatVector c40 = zero();
    FloatVector c41 = zero();
    FloatVector c42 = zero();
    FloatVector c50 = zero();
    FloatVector c51 = zero();
    FloatVector c52 = zero();
    FloatVector c60 = zero();
    FloatVector c61 = zero();
    FloatVector c62 = zero();
    FloatVector c70 = zero();
    FloatVector c71 = zero();
    FloatVector c72 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k * 8;
      int q = bo + k * 3 * L;
      FloatVector b0 = load(b, q);
      FloatVector b1 = load(b, q + L);
      FloatVector b2 = load(b, q + 2 * L);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      c02 = x.fma(b2, c02);
      x = splat(a[p + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      c12 = x.fma(b2, c12);
      x = splat(a[p + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      c22 = x.fma(b2, c22);
      x = splat(a[p + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      c32 = x.fma(b2, c32);
      x = splat(a[p + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      c42 = x.fma(b2, c42);
      x = splat(a[p + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      c52 = x.fma(b2, c52);
      x = splat(a[p + 6]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      c62 = x.fma(b2, c62);
      x = splat(a[p + 7]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
      c72 = x.fma(b2, c72);
    }
    c00 = c00.add(load(s, so));
    c01 = c01.add(load(s, so + L));
    c02 = c02.add(load(s, so + 2 * L));
    c10 = c10.add(load(s, so + lds));
    c11 = c11.add(load(s, so + lds + L));
    c12 = c12.add(load(s, so + lds + 2 * L));
    c20 = c20.add(load(s, so + 2 * lds));
    c21 = c21.add(load(s, so + 2 * lds + L));
    c22 = c22.add(load(s, so + 2 * lds + 2 * L));
    c30 = c30.add(load(s, so + 3 * lds));
    c31 = c31.add(load(s, so + 3 * lds + L));
    c32 = c32.add(load(s, so + 3 * lds + 2 * L));
    c40 = c40.add(load(s, so + 4 * lds));
    c41 = c41.add(load(s, so + 4 * lds + L));
    c42 = c42.add(load(s, so + 4 * lds + 2 * L));
    c50 = c50.add(load(s, so + 5 * lds));
    c51 = c51.add(load(s, so + 5 * lds + L));
    c52 = c52.add(load(s, so + 5 * lds + 2 * L));
    c60 = c60.add(load(s, so + 6 * lds));
    c61 = c61.add(load(s, so + 6 * lds + L));
    c62 = c62.add(load(s, so + 6 * lds + 2 * L));
    c70 = c70.add(load(s, so + 7 * lds));
    c71 = c71.add(load(s, so + 7 * lds + L));
    c72 = c72.add(load(s, so + 7 * lds + 2 * L));
    c00.intoArray(c, co);
    c01.intoArray(c, co + L);
    c02.intoArray(c, co + 2 * L);
    c10.intoArray(c, co + ldc);
    c11.intoArray(c, co + ldc + L);
    c12.intoArray(c, co + ldc + 2 * L);
    c20.intoArray(c, co + 2 * ldc);
    c21.intoArray(c, co + 2 * ldc + L);
    c22.intoArray(c, co + 2 * ldc + 2 * L);
    c30.intoArray(c, co + 3 * ldc);
    c31.intoArray(c, co + 3 * ldc + L);
    c32.intoArray(c, co + 3 * ldc + 2 * L);
    c40.intoArray(c, co + 4 * ldc);
    c41.intoArray(c, co + 4 * ldc + L);
    c42.intoArray(c, co + 4 * ldc + 2 * L);
    c50.intoArray(c, co + 5 * ldc);
    c51.intoArray(c, co + 5 * ldc + L);
    c52.intoArray(c, co + 5 * ldc + 2 * L);
    c60.intoArray(c, co + 6 * ldc);
    c61.intoArray(c, co + 6 * ldc + L);
    c62.intoArray(c, co + 6 * ldc + 2 * L);
    c70.intoArray(c, co + 7 * ldc);
    c71.intoArray(c, co + 7 * ldc + L);
    c72.intoArray(c, co + 7 * ldc + 2 * L);
  }

  /** Two vectors wide. a [k][8], b [k][2 L]. */
  static void x2(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = zero();
    FloatVector c01 = zero();
    FloatVector c10 = zero();
    FloatVector c11 = zero();
    FloatVector c20 = zero();
    FloatVector c21 = zero();
    FloatVector c30 = zero();
    FloatVector c31 = zero();
    FloatVector c40 = zero();
    FloatVector c41 = zero();
    FloatVector c50 = zero();
    FloatVector c51 = zero();
    FloatVector c60 = zero();
    FloatVector c61 = zero();
    FloatVector c70 = zero();
    FloatVector c71 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k * 8;
      int q = bo + k * 2 * L;
      FloatVector b0 = load(b, q);
      FloatVector b1 = load(b, q + L);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = splat(a[p + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = splat(a[p + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = splat(a[p + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = splat(a[p + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = splat(a[p + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = splat(a[p + 6]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = splat(a[p + 7]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    c00 = c00.add(load(s, so));
    c01 = c01.add(load(s, so + L));
    c10 = c10.add(load(s, so + lds));
    c11 = c11.add(load(s, so + lds + L));
    c20 = c20.add(load(s, so + 2 * lds));
    c21 = c21.add(load(s, so + 2 * lds + L));
    c30 = c30.add(load(s, so + 3 * lds));
    c31 = c31.add(load(s, so + 3 * lds + L));
    c40 = c40.add(load(s, so + 4 * lds));
    c41 = c41.add(load(s, so + 4 * lds + L));
    c50 = c50.add(load(s, so + 5 * lds));
    c51 = c51.add(load(s, so + 5 * lds + L));
    c60 = c60.add(load(s, so + 6 * lds));
    c61 = c61.add(load(s, so + 6 * lds + L));
    c70 = c70.add(load(s, so + 7 * lds));
    c71 = c71.add(load(s, so + 7 * lds + L));
    c00.intoArray(c, co);
    c01.intoArray(c, co + L);
    c10.intoArray(c, co + ldc);
    c11.intoArray(c, co + ldc + L);
    c20.intoArray(c, co + 2 * ldc);
    c21.intoArray(c, co + 2 * ldc + L);
    c30.intoArray(c, co + 3 * ldc);
    c31.intoArray(c, co + 3 * ldc + L);
    c40.intoArray(c, co + 4 * ldc);
    c41.intoArray(c, co + 4 * ldc + L);
    c50.intoArray(c, co + 5 * ldc);
    c51.intoArray(c, co + 5 * ldc + L);
    c60.intoArray(c, co + 6 * ldc);
    c61.intoArray(c, co + 6 * ldc + L);
    c70.intoArray(c, co + 7 * ldc);
    c71.intoArray(c, co + 7 * ldc + L);
  }

  /** One vector wide. a [k][8], b [k][L]. */
  static void x1(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = zero();
    FloatVector c10 = zero();
    FloatVector c20 = zero();
    FloatVector c30 = zero();
    FloatVector c40 = zero();
    FloatVector c50 = zero();
    FloatVector c60 = zero();
    FloatVector c70 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k * 8;
      int q = bo + k * L;
      FloatVector b0 = load(b, q);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      x = splat(a[p + 1]);
      c10 = x.fma(b0, c10);
      x = splat(a[p + 2]);
      c20 = x.fma(b0, c20);
      x = splat(a[p + 3]);
      c30 = x.fma(b0, c30);
      x = splat(a[p + 4]);
      c40 = x.fma(b0, c40);
      x = splat(a[p + 5]);
      c50 = x.fma(b0, c50);
      x = splat(a[p + 6]);
      c60 = x.fma(b0, c60);
      x = splat(a[p + 7]);
      c70 = x.fma(b0, c70);
    }
    c00 = c00.add(load(s, so));
    c10 = c10.add(load(s, so + lds));
    c20 = c20.add(load(s, so + 2 * lds));
    c30 = c30.add(load(s, so + 3 * lds));
    c40 = c40.add(load(s, so + 4 * lds));
    c50 = c50.add(load(s, so + 5 * lds));
    c60 = c60.add(load(s, so + 6 * lds));
    c70 = c70.add(load(s, so + 7 * lds));
    c00.intoArray(c, co);
    c10.intoArray(c, co + ldc);
    c20.intoArray(c, co + 2 * ldc);
    c30.intoArray(c, co + 3 * ldc);
    c40.intoArray(c, co + 4 * ldc);
    c50.intoArray(c, co + 5 * ldc);
    c60.intoArray(c, co + 6 * ldc);
    c70.intoArray(c, co + 7 * ldc);
  }

  /** Two vectors wide. a [k][2 L], of which 8 columns are used; b [k][2 L]. */
  static void down(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = zero();
    FloatVector c01 = zero();
    FloatVector c10 = zero();
    FloatVector c11 = zero();
    FloatVector c20 = zero();
    FloatVector c21 = zero();
    FloatVector c30 = zero();
    FloatVector c31 = zero();
    FloatVector c40 = zero();
    FloatVector c41 = zero();
    FloatVector c50 = zero();
    FloatVector c51 = zero();
    FloatVector c60 = zero();
    FloatVector c61 = zero();
    FloatVector c70 = zero();
    FloatVector c71 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k * 2 * L;
      int q = bo + k * 2 * L;
      FloatVector b0 = load(b, q);
      FloatVector b1 = load(b, q + L);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = splat(a[p + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = splat(a[p + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = splat(a[p + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = splat(a[p + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = splat(a[p + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = splat(a[p + 6]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = splat(a[p + 7]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    c00 = c00.add(load(s, so));
    c01 = c01.add(load(s, so + L));
    c10 = c10.add(load(s, so + lds));
    c11 = c11.add(load(s, so + lds + L));
    c20 = c20.add(load(s, so + 2 * lds));
    c21 = c21.add(load(s, so + 2 * lds + L));
    c30 = c30.add(load(s, so + 3 * lds));
    c31 = c31.add(load(s, so + 3 * lds + L));
    c40 = c40.add(load(s, so + 4 * lds));
    c41 = c41.add(load(s, so + 4 * lds + L));
    c50 = c50.add(load(s, so + 5 * lds));
    c51 = c51.add(load(s, so + 5 * lds + L));
    c60 = c60.add(load(s, so + 6 * lds));
    c61 = c61.add(load(s, so + 6 * lds + L));
    c70 = c70.add(load(s, so + 7 * lds));
    c71 = c71.add(load(s, so + 7 * lds + L));
    c00.intoArray(c, co);
    c01.intoArray(c, co + L);
    c10.intoArray(c, co + ldc);
    c11.intoArray(c, co + ldc + L);
    c20.intoArray(c, co + 2 * ldc);
    c21.intoArray(c, co + 2 * ldc + L);
    c30.intoArray(c, co + 3 * ldc);
    c31.intoArray(c, co + 3 * ldc + L);
    c40.intoArray(c, co + 4 * ldc);
    c41.intoArray(c, co + 4 * ldc + L);
    c50.intoArray(c, co + 5 * ldc);
    c51.intoArray(c, co + 5 * ldc + L);
    c60.intoArray(c, co + 6 * ldc);
    c61.intoArray(c, co + 6 * ldc + L);
    c70.intoArray(c, co + 7 * ldc);
    c71.intoArray(c, co + 7 * ldc + L);
  }

  /** Two vectors wide. a [8][2 L], k running along the rows; b [k][2 L]. */
  static void along(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = zero();
    FloatVector c01 = zero();
    FloatVector c10 = zero();
    FloatVector c11 = zero();
    FloatVector c20 = zero();
    FloatVector c21 = zero();
    FloatVector c30 = zero();
    FloatVector c31 = zero();
    FloatVector c40 = zero();
    FloatVector c41 = zero();
    FloatVector c50 = zero();
    FloatVector c51 = zero();
    FloatVector c60 = zero();
    FloatVector c61 = zero();
    FloatVector c70 = zero();
    FloatVector c71 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      int q = bo + k * 2 * L;
      FloatVector b0 = load(b, q);
      FloatVector b1 = load(b, q + L);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = splat(a[p + 2 * L]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = splat(a[p + 2 * (2 * L)]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = splat(a[p + 3 * (2 * L)]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = splat(a[p + 4 * (2 * L)]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = splat(a[p + 5 * (2 * L)]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = splat(a[p + 6 * (2 * L)]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = splat(a[p + 7 * (2 * L)]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    c00 = c00.add(load(s, so));
    c01 = c01.add(load(s, so + L));
    c10 = c10.add(load(s, so + lds));
    c11 = c11.add(load(s, so + lds + L));
    c20 = c20.add(load(s, so + 2 * lds));
    c21 = c21.add(load(s, so + 2 * lds + L));
    c30 = c30.add(load(s, so + 3 * lds));
    c31 = c31.add(load(s, so + 3 * lds + L));
    c40 = c40.add(load(s, so + 4 * lds));
    c41 = c41.add(load(s, so + 4 * lds + L));
    c50 = c50.add(load(s, so + 5 * lds));
    c51 = c51.add(load(s, so + 5 * lds + L));
    c60 = c60.add(load(s, so + 6 * lds));
    c61 = c61.add(load(s, so + 6 * lds + L));
    c70 = c70.add(load(s, so + 7 * lds));
    c71 = c71.add(load(s, so + 7 * lds + L));
    c00.intoArray(c, co);
    c01.intoArray(c, co + L);
    c10.intoArray(c, co + ldc);
    c11.intoArray(c, co + ldc + L);
    c20.intoArray(c, co + 2 * ldc);
    c21.intoArray(c, co + 2 * ldc + L);
    c30.intoArray(c, co + 3 * ldc);
    c31.intoArray(c, co + 3 * ldc + L);
    c40.intoArray(c, co + 4 * ldc);
    c41.intoArray(c, co + 4 * ldc + L);
    c50.intoArray(c, co + 5 * ldc);
    c51.intoArray(c, co + 5 * ldc + L);
    c60.intoArray(c, co + 6 * ldc);
    c61.intoArray(c, co + 6 * ldc + L);
    c70.intoArray(c, co + 7 * ldc);
    c71.intoArray(c, co + 7 * ldc + L);
  }
}
