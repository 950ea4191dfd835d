package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * Rows of a left operand, copied to lie at a constant distance.
 *
 * <p>Then a tile reaches all of its rows from one address, where a distance known only at run time
 * would take a register and an addition a row.
 */
final class Left {
  /** Floats from one row to the next: not a power of two, so that rows spread in the cache. */
  static final int ROW = Gemm.DEPTH + 16;

  private Left() {}

  /**
   * Copies rows; what lies below the last is arbitrary.
   *
   * @param a the matrix; its first depth columns are used
   * @param from first row
   * @param to row after the last
   * @param depth number of k, at most {@link Gemm#DEPTH}
   * @param alpha factor of all elements
   * @param one whether a column of ones follows the last k
   * @return the rows, {@link #ROW} apart, in an array of the calling thread
   */
  static float[] rows(Matrix a, int from, int to, int depth, float alpha, boolean one) {
    int rows = to - from;
    float[] copy = Scratch.get().floats(Scratch.LEFT, (rows + GemmTiles.ROWS) * ROW);
    int at = a.offset() + from * a.rowStride();
    if (a.columnStride() == 1) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(a.data(), at + r * a.rowStride(), copy, r * ROW, depth);
      }
    } else {
      turn(a.data(), at, a.rowStride(), a.columnStride(), rows, depth, copy);
    }
    if (alpha != 1) {
      RowLoops.scale(copy, 0, alpha, copy, 0, rows * ROW);
    }
    for (int r = 0; one && r < rows; r++) {
      copy[r * ROW + depth] = 1;
    }
    return copy;
  }

  /** Rows of a matrix that lies column by column, as the gradient of a weight has it. */
  private static void turn(
      float[] x, int at, int rowStride, int stepStride, int rows, int depth, float[] copy) {
    if (!Turn.GATHERS || depth < L) {
      Turn.lines(x, at, stepStride, rowStride, depth, rows, copy, 0, ROW);
      return;
    }
    int[] places = Turn.places(stepStride);
    int last = depth - L; // overlaps the one before where depth is no multiple of L
    for (int k = 0; k < last; k += L) {
      gather(x, at + k * stepStride, rowStride, places, rows, copy, k);
    }
    gather(x, at + last * stepStride, rowStride, places, rows, copy, last);
  }

  /** L steps of all rows: their L cache lines stay until they are used up. */
  private static void gather(
      float[] x, int at, int rowStride, int[] places, int rows, float[] copy, int k) {
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(F, x, at + r * rowStride, places, 0).intoArray(copy, r * ROW + k);
    }
  }
}
