package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;

import java.util.Arrays;

/**
 * A block of rows of a left operand, in a form that tiles can read.
 *
 * <p>Rows are copied to have a constant distance: then a tile reaches all of its rows from one
 * address, where a distance known only at run time takes a register and an addition a row. A matrix
 * that lies column by column (a weight's gradient) is copied line by line into panels [k][2 L]
 * instead; read in place, every k would be in another cache line.
 */
final class Left {
  /** Floats from one row to the next: not a power of two, so that rows spread in the cache. */
  static final int ROW = Gemm.DEPTH + 16;

  private static final int WIDTH = 2 * L;

  private final boolean byColumns;
  private final float[] data;
  private final int depth;

  private Left(boolean byColumns, float[] data, int depth) {
    this.byColumns = byColumns;
    this.data = data;
    this.depth = depth;
  }

  /**
   * The block. What lies below its last row is arbitrary.
   *
   * @param a the matrix; its first depth columns are used
   * @param from first row
   * @param to row after the last
   * @param depth number of k, at most {@link Gemm#DEPTH}
   * @param alpha factor of all elements
   * @param one whether a column of ones follows the last k
   * @param scratch of the calling thread
   */
  static Left of(Matrix a, int from, int to, int depth, float alpha, boolean one, Scratch scratch) {
    int at = a.offset() + from * a.rowStride();
    int rows = to - from;
    if (a.rowStride() == 1 && a.columnStride() != 1) {
      return new Left(true, panels(a, at, rows, depth, alpha, one, scratch), depth + (one ? 1 : 0));
    }
    float[] copy = scratch.floats(Scratch.LEFT, (rows + GemmTiles.ROWS) * ROW);
    for (int r = 0; r < rows; r++) {
      copy(a.data(), at + r * a.rowStride(), a.columnStride(), copy, r * ROW, depth);
    }
    scale(copy, rows * ROW, alpha);
    for (int r = 0; one && r < rows; r++) {
      copy[r * ROW + depth] = 1;
    }
    return new Left(false, copy, depth + (one ? 1 : 0));
  }

  /** Computes the tile of c from co whose first row is a row of this block. */
  void tile(int row, int vectors, long panel, float[] c, int co, int ldc) {
    if (byColumns) {
      int from = row / WIDTH * WIDTH * depth + row % WIDTH;
      GemmTiles.columns(vectors, depth, data, from, panel, c, co, ldc);
    } else {
      GemmTiles.rows(vectors, depth, data, row * ROW, panel, c, co, ldc);
    }
  }

  private static void scale(float[] x, int n, float alpha) {
    if (alpha != 1) {
      RowLoops.scale(x, 0, alpha, x, 0, n);
    }
  }

  private static void copy(float[] x, int at, int stride, float[] y, int to, int n) {
    if (stride == 1) {
      System.arraycopy(x, at, y, to, n);
      return;
    }
    for (int k = 0; k < n; k++) {
      y[to + k] = x[at + k * stride];
    }
  }

  /** Panels of 2 L rows, [k][2 L] each; what is missing in the last is zero. */
  private static float[] panels(
      Matrix a, int at, int rows, int depth, float alpha, boolean one, Scratch scratch) {
    int count = (rows + WIDTH - 1) / WIDTH;
    int size = WIDTH * (depth + (one ? 1 : 0));
    float[] panels = scratch.floats(Scratch.LEFT, count * size);
    for (int k = 0; k < depth; k++) {
      line(a.data(), at + k * a.columnStride(), rows, panels, k * WIDTH, size);
    }
    scale(panels, count * size, alpha);
    for (int p = 0; one && p < count; p++) {
      Arrays.fill(panels, p * size + depth * WIDTH, (p + 1) * size, 1);
    }
    return panels;
  }

  private static void line(float[] x, int at, int rows, float[] panels, int to, int next) {
    int i = 0;
    int q = to;
    for (; i + WIDTH <= rows; i += WIDTH, q += next) {
      load(x, at + i).intoArray(panels, q);
      load(x, at + i + L).intoArray(panels, q + L);
    }
    if (i < rows) {
      load(x, at + i, Lanes.tail(i, rows)).intoArray(panels, q);
      load(x, at + i + L, Lanes.tail(i + L, rows)).intoArray(panels, q + L);
    }
  }
}
