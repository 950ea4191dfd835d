package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.zero;

import jdk.incubator.vector.FloatVector;

/**
 * Products of {@link GemmTiles#ROWS} rows for attention, whose left operands are rows of [.., lda]
 * and whose right ones are rows of [.., ldb], of which 2 L columns are used.
 *
 * <p>Every element is a chain of fused multiply-adds over k = 0, 1, ..., so narrow forms give the
 * bits of wide ones. The chain begins with what is added: adding it afterwards takes so many vector
 * operations that the compiler gives up on some of them, and vectors turn into objects.
 */
final class HeadTiles {
  /** A row to begin with where nothing is to be added, with row distance 0. Never written. */
  private static final float[] ZEROS = new float[2 * L];

  private HeadTiles() {}

  /** c [ROWS, 2 L] = a b; row r of a starts at ao + r * lda. Without wide, only L columns. */
  static void rows(
      boolean wide,
      int depth,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co,
      int ldc) {
    sum(wide, depth, a, ao, lda, b, bo, ldb, c, co, ldc, ZEROS, 0, 0);
  }

  /** c [ROWS, 2 L] += a b, or = where first; row r of a starts at ao + r * lda. */
  static void add(
      boolean first,
      int depth,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co,
      int ldc) {
    float[] s = first ? ZEROS : c;
    sum(true, depth, a, ao, lda, b, bo, ldb, c, co, ldc, s, first ? 0 : co, first ? 0 : ldc);
  }

  private static void sum(
      boolean wide,
      int depth,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    if (GemmTiles.ROWS == GemmTile8.ROWS) {
      if (wide) {
        eight(depth, a, ao, lda, b, bo, ldb, c, co, ldc, s, so, lds);
      } else {
        eightNarrow(depth, a, ao, lda, b, bo, ldb, c, co, ldc, s, so, lds);
      }
    } else {
      if (wide) {
        four(depth, a, ao, lda, b, bo, ldb, c, co, ldc, s, so, lds);
      } else {
        fourNarrow(depth, a, ao, lda, b, bo, ldb, c, co, ldc, s, so, lds);
      }
    }
  }

  /** c [ROWS, 2 L] = a b, with a [k][2 L], of which the first ROWS columns are used. */
  static void down(
      int depth, float[] a, int ao, float[] b, int bo, int ldb, float[] c, int co, int ldc) {
    if (GemmTiles.ROWS == GemmTile8.ROWS) {
      eightDown(depth, a, ao, b, bo, ldb, c, co, ldc);
    } else {
      fourDown(depth, a, ao, b, bo, ldb, c, co, ldc);
    }
  }

  private static void eight(
      int depth,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = load(s, so);
    FloatVector c01 = load(s, so + L);
    FloatVector c10 = load(s, so + lds);
    FloatVector c11 = load(s, so + lds + L);
    FloatVector c20 = load(s, so + 2 * lds);
    FloatVector c21 = load(s, so + 2 * lds + L);
    FloatVector c30 = load(s, so + 3 * lds);
    FloatVector c31 = load(s, so + 3 * lds + L);
    FloatVector c40 = load(s, so + 4 * lds);
    FloatVector c41 = load(s, so + 4 * lds + L);
    FloatVector c50 = load(s, so + 5 * lds);
    FloatVector c51 = load(s, so + 5 * lds + L);
    FloatVector c60 = load(s, so + 6 * lds);
    FloatVector c61 = load(s, so + 6 * lds + L);
    FloatVector c70 = load(s, so + 7 * lds);
    FloatVector c71 = load(s, so + 7 * lds + L);
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      int q = bo + k * ldb;
      FloatVector b0 = load(b, q);
      FloatVector b1 = load(b, q + L);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = splat(a[p + lda]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = splat(a[p + 2 * lda]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = splat(a[p + 3 * lda]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = splat(a[p + 4 * lda]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = splat(a[p + 5 * lda]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = splat(a[p + 6 * lda]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = splat(a[p + 7 * lda]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
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

  private static void eightNarrow(
      int depth,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = load(s, so);
    FloatVector c10 = load(s, so + lds);
    FloatVector c20 = load(s, so + 2 * lds);
    FloatVector c30 = load(s, so + 3 * lds);
    FloatVector c40 = load(s, so + 4 * lds);
    FloatVector c50 = load(s, so + 5 * lds);
    FloatVector c60 = load(s, so + 6 * lds);
    FloatVector c70 = load(s, so + 7 * lds);
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      int q = bo + k * ldb;
      FloatVector b0 = load(b, q);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      x = splat(a[p + lda]);
      c10 = x.fma(b0, c10);
      x = splat(a[p + 2 * lda]);
      c20 = x.fma(b0, c20);
      x = splat(a[p + 3 * lda]);
      c30 = x.fma(b0, c30);
      x = splat(a[p + 4 * lda]);
      c40 = x.fma(b0, c40);
      x = splat(a[p + 5 * lda]);
      c50 = x.fma(b0, c50);
      x = splat(a[p + 6 * lda]);
      c60 = x.fma(b0, c60);
      x = splat(a[p + 7 * lda]);
      c70 = x.fma(b0, c70);
    }
    c00.intoArray(c, co);
    c10.intoArray(c, co + ldc);
    c20.intoArray(c, co + 2 * ldc);
    c30.intoArray(c, co + 3 * ldc);
    c40.intoArray(c, co + 4 * ldc);
    c50.intoArray(c, co + 5 * ldc);
    c60.intoArray(c, co + 6 * ldc);
    c70.intoArray(c, co + 7 * ldc);
  }

  private static void eightDown(
      int depth, float[] a, int ao, float[] b, int bo, int ldb, float[] c, int co, int ldc) {
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
      int q = bo + k * ldb;
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

  private static void four(
      int depth,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = load(s, so);
    FloatVector c01 = load(s, so + L);
    FloatVector c10 = load(s, so + lds);
    FloatVector c11 = load(s, so + lds + L);
    FloatVector c20 = load(s, so + 2 * lds);
    FloatVector c21 = load(s, so + 2 * lds + L);
    FloatVector c30 = load(s, so + 3 * lds);
    FloatVector c31 = load(s, so + 3 * lds + L);
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      int q = bo + k * ldb;
      FloatVector b0 = load(b, q);
      FloatVector b1 = load(b, q + L);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = splat(a[p + lda]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = splat(a[p + 2 * lda]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = splat(a[p + 3 * lda]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + L);
    c10.intoArray(c, co + ldc);
    c11.intoArray(c, co + ldc + L);
    c20.intoArray(c, co + 2 * ldc);
    c21.intoArray(c, co + 2 * ldc + L);
    c30.intoArray(c, co + 3 * ldc);
    c31.intoArray(c, co + 3 * ldc + L);
  }

  private static void fourNarrow(
      int depth,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co,
      int ldc,
      float[] s,
      int so,
      int lds) {
    FloatVector c00 = load(s, so);
    FloatVector c10 = load(s, so + lds);
    FloatVector c20 = load(s, so + 2 * lds);
    FloatVector c30 = load(s, so + 3 * lds);
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      int q = bo + k * ldb;
      FloatVector b0 = load(b, q);
      FloatVector x = splat(a[p]);
      c00 = x.fma(b0, c00);
      x = splat(a[p + lda]);
      c10 = x.fma(b0, c10);
      x = splat(a[p + 2 * lda]);
      c20 = x.fma(b0, c20);
      x = splat(a[p + 3 * lda]);
      c30 = x.fma(b0, c30);
    }
    c00.intoArray(c, co);
    c10.intoArray(c, co + ldc);
    c20.intoArray(c, co + 2 * ldc);
    c30.intoArray(c, co + 3 * ldc);
  }

  private static void fourDown(
      int depth, float[] a, int ao, float[] b, int bo, int ldb, float[] c, int co, int ldc) {
    FloatVector c00 = zero();
    FloatVector c01 = zero();
    FloatVector c10 = zero();
    FloatVector c11 = zero();
    FloatVector c20 = zero();
    FloatVector c21 = zero();
    FloatVector c30 = zero();
    FloatVector c31 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k * 2 * L;
      int q = bo + k * ldb;
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
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + L);
    c10.intoArray(c, co + ldc);
    c11.intoArray(c, co + ldc + L);
    c20.intoArray(c, co + 2 * ldc);
    c21.intoArray(c, co + 2 * ldc + L);
    c30.intoArray(c, co + 3 * ldc);
    c31.intoArray(c, co + 3 * ldc + L);
  }
}
