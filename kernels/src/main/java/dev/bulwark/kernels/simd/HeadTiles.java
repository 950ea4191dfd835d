package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.zero;

import jdk.incubator.vector.FloatVector;

/**
 * Products of rows as they lie in a tensor with a packed panel: c [{@link Tiles#ROWS}, 2 L] = a b.
 *
 * <p>Row r of a starts at ao + r * lda and k runs along it, so keys need not be packed before they
 * meet the queries. Every element is a chain of fused multiply-adds over k = 0, 1, ..., as in
 * {@link Tile8}, so the narrow forms give the bits of the wide ones.
 */
final class HeadTiles {
  private HeadTiles() {}

  /**
   * c = a b.
   *
   * @param wide whether both vectors of a row of c are wanted, or only the first
   * @param depth number of k
   * @param a rows from ao, lda apart
   * @param b [k][2 L] from bo
   * @param c result from co, rows ldc apart
   */
  static void rows(
      boolean wide,
      int depth,
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc) {
    if (Tiles.ROWS == Tile8.ROWS) {
      if (wide) {
        eight(depth, a, ao, lda, b, bo, c, co, ldc);
      } else {
        eightNarrow(depth, a, ao, lda, b, bo, c, co, ldc);
      }
    } else {
      if (wide) {
        four(depth, a, ao, lda, b, bo, c, co, ldc);
      } else {
        fourNarrow(depth, a, ao, lda, b, bo, c, co, ldc);
      }
    }
  }

  private static void eight(
      int depth, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc) {
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
      int depth, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc) {
    FloatVector c00 = zero();
    FloatVector c10 = zero();
    FloatVector c20 = zero();
    FloatVector c30 = zero();
    FloatVector c40 = zero();
    FloatVector c50 = zero();
    FloatVector c60 = zero();
    FloatVector c70 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      int q = bo + k * 2 * L;
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

  private static void four(
      int depth, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc) {
    FloatVector c00 = zero();
    FloatVector c01 = zero();
    FloatVector c10 = zero();
    FloatVector c11 = zero();
    FloatVector c20 = zero();
    FloatVector c21 = zero();
    FloatVector c30 = zero();
    FloatVector c31 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      int q = bo + k * 2 * L;
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
      int depth, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc) {
    FloatVector c00 = zero();
    FloatVector c10 = zero();
    FloatVector c20 = zero();
    FloatVector c30 = zero();
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      int q = bo + k * 2 * L;
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
}
