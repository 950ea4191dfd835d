package dev.bulwark.kernels.gpu;

/**
 * How a block shares its threads among rows: a team of lanes threads folds one row, and as many
 * rows as there are teams are folded side by side.
 *
 * @param lanes threads of a team, a power of two
 * @param apart distance between a team's threads: 1 where a row's elements are neighbours in
 *     memory, the number of teams where those of neighbouring rows are; either way neighbouring
 *     threads read neighbouring elements
 */
record Team(int lanes, int apart) {
  private static final int EACH = 4; // elements for a lane, at least
  private static final int NARROW = 16; // so few rows give up neighbours for more lanes
  private static final int COLUMN_LANES = 8; // teams then span 32 rows, what a warp reads at once

  /**
   * The team for rows of a shape.
   *
   * @param rows how many
   * @param across distance in memory between neighbouring rows
   * @param n elements of a row
   * @param along distance in memory between them
   */
  static Team of(int rows, int across, int n, int along) {
    boolean columns = rows >= NARROW && across > 0 && across < along;
    int wanted = Math.clamp((n + EACH - 1) / EACH, 1, columns ? COLUMN_LANES : Grid.BLOCK);
    int lanes = powerOfTwo(wanted);
    return new Team(lanes, columns ? Grid.BLOCK / lanes : 1);
  }

  /** Rows that a block takes at a time. */
  int rowsPerBlock() {
    return Grid.BLOCK / lanes;
  }

  /** One block for each so many rows; kernels stride over what is left. */
  Grid grid(int rows) {
    return Grid.rows((rows - 1) / rowsPerBlock() + 1);
  }

  /** The least power of two that is not below n. */
  static int powerOfTwo(int n) {
    return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
  }
}
