package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;

/** Picks the tile kernels that fit the machine: {@link Tile8} or {@link Tile4}. */
final class Tiles {
  /** Rows of a tile: eight where there are 32 vector registers, as with 512 bits and on ARM. */
  static final int ROWS = L == 8 ? Tile4.ROWS : Tile8.ROWS;

  private Tiles() {}

  /**
   * c [ROWS, vectors * L] = (add ? s : 0) + a b.
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
      int lds,
      boolean add) {
    if (ROWS == Tile8.ROWS) {
      switch (vectors) {
        case 3 -> Tile8.x3(depth, a, ao, b, bo, c, co, ldc, s, so, lds, add);
        case 2 -> Tile8.x2(depth, a, ao, b, bo, c, co, ldc, s, so, lds, add);
        default -> Tile8.x1(depth, a, ao, b, bo, c, co, ldc, s, so, lds, add);
      }
    } else {
      switch (vectors) {
        case 3 -> Tile4.x3(depth, a, ao, b, bo, c, co, ldc, s, so, lds, add);
        case 2 -> Tile4.x2(depth, a, ao, b, bo, c, co, ldc, s, so, lds, add);
        default -> Tile4.x1(depth, a, ao, b, bo, c, co, ldc, s, so, lds, add);
      }
    }
  }

  /** c [ROWS, 2 L] = a b, with a [k][2 L] (the first ROWS columns are used) and b [k][2 L]. */
  static void down(int depth, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc) {
    if (ROWS == Tile8.ROWS) {
      Tile8.down(depth, a, ao, b, bo, c, co, ldc, c, co, ldc, false);
    } else {
      Tile4.down(depth, a, ao, b, bo, c, co, ldc, c, co, ldc, false);
    }
  }

  /** c [ROWS, 2 L] = (add ? c : 0) + a b, with a [ROWS][2 L] (k along its rows), b [k][2 L]. */
  static void along(
      int depth, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean add) {
    if (ROWS == Tile8.ROWS) {
      Tile8.along(depth, a, ao, b, bo, c, co, ldc, c, co, ldc, add);
    } else {
      Tile4.along(depth, a, ao, b, bo, c, co, ldc, c, co, ldc, add);
    }
  }
}
