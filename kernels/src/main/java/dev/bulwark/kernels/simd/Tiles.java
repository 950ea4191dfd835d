package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;

/** Picks the tile kernels that fit the machine: {@link Tile8} or {@link Tile4}. */
final class Tiles {
  /** Rows of a tile: eight where there are 32 vector registers, as with 512 bits and on ARM. */
  static final int ROWS = L == 8 ? Tile4.ROWS : Tile8.ROWS;

  /** A row to add where nothing is to be added, with row distance 0. Never written. */
  static final float[] ZEROS = new float[3 * L];

  private Tiles() {}

  /**
   * c [ROWS, vectors * L] = s + a b.
   *
   * @param vectors width of the tile, 1 to 3 vectors
   * @param depth number of k
   * @param a [k][ROWS] from ao
   * @param b [k][vectors * L] from bo
   * @param c result from co, rows ldc apart
   * @param s what is added, from so, rows lds apart
   */
  static void packed(
      int vectors,
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
    if (ROWS == Tile8.ROWS) {
      switch (vectors) {
        case 3 -> Tile8.x3(depth, a, ao, b, bo, c, co, ldc, s, so, lds);
        case 2 -> Tile8.x2(depth, a, ao, b, bo, c, co, ldc, s, so, lds);
        default -> Tile8.x1(depth, a, ao, b, bo, c, co, ldc, s, so, lds);
      }
    } else {
      switch (vectors) {
        case 3 -> Tile4.x3(depth, a, ao, b, bo, c, co, ldc, s, so, lds);
        case 2 -> Tile4.x2(depth, a, ao, b, bo, c, co, ldc, s, so, lds);
        default -> Tile4.x1(depth, a, ao, b, bo, c, co, ldc, s, so, lds);
      }
    }
  }

  /** c [ROWS, 2 L] = a b, with a [k][2 L] (the first ROWS columns are used) and b [k][2 L]. */
  static void down(int depth, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc) {
    if (ROWS == Tile8.ROWS) {
      Tile8.down(depth, a, ao, b, bo, c, co, ldc, ZEROS, 0, 0);
    } else {
      Tile4.down(depth, a, ao, b, bo, c, co, ldc, ZEROS, 0, 0);
    }
  }

  /** c [ROWS, 2 L] = (first ? 0 : c) + a b, with a [ROWS][2 L] (k along its rows), b [k][2 L]. */
  static void along(
      int depth, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean first) {
    float[] s = first ? ZEROS : c;
    int so = first ? 0 : co;
    int lds = first ? 0 : ldc;
    if (ROWS == Tile8.ROWS) {
      Tile8.along(depth, a, ao, b, bo, c, co, ldc, s, so, lds);
    } else {
      Tile4.along(depth, a, ao, b, bo, c, co, ldc, s, so, lds);
    }
  }
}
