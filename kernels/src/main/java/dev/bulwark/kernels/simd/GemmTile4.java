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
 * Products of 4 rows, for machines with 16 vector registers; {@link GemmTiles} says what the
 * methods compute.
 *
 * <p>One accumulator per variable, because arrays would be spilled. Nothing is done with them after
 * the loop but to store them: adding a summand there made the compiler keep all of them on the
 * stack for the case that a range check fails, which cost as much as 70 steps of the loop. Methods
 * of this size are near the compiler's limits, past which it leaves vectors as objects: no helper
 * method is called, and zero is made once.
 */
final class GemmTile4 {
  /** Rows of a tile. */
  static final int ROWS = 4;

  private GemmTile4() {}

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
  }

  /** One vector wide; b at its column. */
  static void x1(int depth, float[] a, int ao, long b, float[] c, int co, int ldc) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector c00 = zero;
    FloatVector c10 = zero;
    FloatVector c20 = zero;
    FloatVector c30 = zero;
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
    }
    c00.intoArray(c, co);
    c10.intoArray(c, co + ldc);
    c20.intoArray(c, co + 2 * ldc);
    c30.intoArray(c, co + 3 * ldc);
  }
}
