package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.tail;

/**
 * Tiles of a product: c [ROWS][up to 3 L] = a b.
 *
 * <p>The right operand is a panel of {@link Panels}, [k][3 L]. The left one is a {@link Left}: rows
 * {@link Left#ROW} apart, or a column-major panel [k][2 L] of which a tile reads ROWS columns.
 * Every element is one chain of fused multiply-adds over k = 0, 1, ..., whatever the method, so it
 * does not matter for the bits which tile an element falls into.
 */
final class GemmTiles {
  /** Rows of a tile: eight where there are 32 vector registers, as with 512 bits and on ARM. */
  static final int ROWS = L == 8 ? GemmTile4.ROWS : GemmTile8.ROWS;

  private static final boolean WIDE = ROWS == GemmTile8.ROWS;

  private GemmTiles() {}

  /**
   * Computes a tile.
   *
   * @param vectors width of the tile, 1 to 3 vectors
   * @param depth number of k
   * @param a row r begins at ao + r * {@link Left#ROW}
   * @param b address of a panel
   * @param c row r begins at co + r * ldc
   */
  static void product(
      int vectors, int depth, float[] a, int ao, long b, float[] c, int co, int ldc) {
    if (vectors == 3) {
      if (WIDE) {
        GemmTile8.x3(depth, a, ao, b, c, co, ldc);
      } else {
        GemmTile4.x3(depth, a, ao, b, c, co, ldc);
      }
      return;
    }
    for (int v = 0; v < vectors; v++) {
      if (WIDE) {
        GemmTile8.x1(depth, a, ao, b + v * Panels.VECTOR, c, co + v * L, ldc);
      } else {
        GemmTile4.x1(depth, a, ao, b + v * Panels.VECTOR, c, co + v * L, ldc);
      }
    }
  }

  /**
   * c = s + t for a part of a tile.
   *
   * @param t a tile, rows {@link Panels#WIDTH} apart
   * @param rows rows to write
   * @param columns columns to write
   * @param c row r begins at co + r * ldc
   * @param s summand; row r begins at so + r * lds; may be c itself
   */
  static void add(
      float[] t, int rows, int columns, float[] c, int co, int ldc, float[] s, int so, int lds) {
    int whole = columns / L * L;
    for (int r = 0; r < rows; r++) {
      int from = r * Panels.WIDTH;
      int x = so + r * lds;
      int y = co + r * ldc;
      for (int j = 0; j < whole; j += L) {
        load(t, from + j).add(load(s, x + j)).intoArray(c, y + j);
      }
      if (whole < columns) {
        var m = tail(whole, columns);
        load(t, from + whole).add(load(s, x + whole, m)).intoArray(c, y + whole, m);
      }
    }
  }
}
