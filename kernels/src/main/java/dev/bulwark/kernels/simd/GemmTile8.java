package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Left.ROW;
import static dev.bulwark.kernels.simd.Panels.MEMORY;
import static dev.bulwark.kernels.simd.Panels.ORDER;
import static dev.bulwark.kernels.simd.Panels.PITCH;
import static dev.bulwark.kernels.simd.Panels.VECTOR;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;

/**
 * Products of 8 rows, for machines with 32 vector registers; {@link GemmTiles} says what the
 * methods compute.
 *
 * <p>One accumulator per variable, because arrays would be spilled. Nothing is done with them after
 * the loop but to store them: adding a summand there made the compiler keep all of them on the
 * stack for the case that a range check fails, which cost as much as 70 steps of the loop. Methods
 * of this size are near the compiler's limits, past which it leaves vectors as objects: no helper
 * method is called, and zero is made once.
 */
final class GemmTile8 {
  /** Rows of a tile. */
  static final int ROWS = 8;

  private GemmTile8() {}

  /** Three vectors wide. */
  static void x3(int depth, float[] a, int ao, long b, float[] c, int co, int ldc) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c02 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c12 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c22 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c32 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c42 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c52 = zero;
    FloatVector c60 = zero;
    FloatVector c61 = zero;
    FloatVector c62 = zero;
    FloatVector c70 = zero;
    FloatVector c71 = zero;
    FloatVector c72 = zero;
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      long q = b + k * PITCH;
      FloatVector b0 = fromMemorySegment(F, MEMORY, q, ORDER);
      FloatVector b1 = fromMemorySegment(F, MEMORY, q + VECTOR, ORDER);
      FloatVector b2 = fromMemorySegment(F, MEMORY, q + 2 * VECTOR, ORDER);
      FloatVector x = broadcast(F, a[p]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      c02 = x.fma(b2, c02);
      x = broadcast(F, a[p + ROW]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      c12 = x.fma(b2, c12);
      x = broadcast(F, a[p + 2 * ROW]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      c22 = x.fma(b2, c22);
      x = broadcast(F, a[p + 3 * ROW]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      c32 = x.fma(b2, c32);
      x = broadcast(F, a[p + 4 * ROW]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      c42 = x.fma(b2, c42);
      x = broadcast(F, a[p + 5 * ROW]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      c52 = x.fma(b2, c52);
      x = broadcast(F, a[p + 6 * ROW]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      c62 = x.fma(b2, c62);
      x = broadcast(F, a[p + 7 * ROW]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
      c72 = x.fma(b2, c72);
    }
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

  /** One vector wide; b at its column. */
  static void x1(int depth, float[] a, int ao, long b, float[] c, int co, int ldc) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector c00 = zero;
    FloatVector c10 = zero;
    FloatVector c20 = zero;
    FloatVector c30 = zero;
    FloatVector c40 = zero;
    FloatVector c50 = zero;
    FloatVector c60 = zero;
    FloatVector c70 = zero;
    for (int k = 0; k < depth; k++) {
      int p = ao + k;
      long q = b + k * PITCH;
      FloatVector b0 = fromMemorySegment(F, MEMORY, q, ORDER);
      FloatVector x = broadcast(F, a[p]);
      c00 = x.fma(b0, c00);
      x = broadcast(F, a[p + ROW]);
      c10 = x.fma(b0, c10);
      x = broadcast(F, a[p + 2 * ROW]);
      c20 = x.fma(b0, c20);
      x = broadcast(F, a[p + 3 * ROW]);
      c30 = x.fma(b0, c30);
      x = broadcast(F, a[p + 4 * ROW]);
      c40 = x.fma(b0, c40);
      x = broadcast(F, a[p + 5 * ROW]);
      c50 = x.fma(b0, c50);
      x = broadcast(F, a[p + 6 * ROW]);
      c60 = x.fma(b0, c60);
      x = broadcast(F, a[p + 7 * ROW]);
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
}
