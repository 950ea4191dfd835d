package dev.bulwark.kernels.gpu;

/**
 * How many threads run a kernel.
 *
 * @param x blocks along the first axis, at least 1
 * @param y blocks along the second axis, 1 to 65,535
 * @param block threads in a block
 */
public record Grid(int x, int y, int block) {
  /** Threads of a block unless a kernel asks for another number. */
  public static final int BLOCK = 256;

  private static final int MOST_BLOCKS = 1 << 16; // kernels stride over what is left

  /** Checks the limits that every device has. */
  public Grid {
    if (x < 1 || y < 1 || y > 65_535 || block < 1 || block > 1024) {
      throw new IllegalArgumentException(
          "a grid of " + x + " x " + y + " blocks of " + block + " threads cannot be launched");
    }
  }

  /**
   * One thread for each of so many elements, which the kernel walks with a grid stride.
   *
   * @param elements how many, at least 1
   * @return the grid
   */
  public static Grid over(int elements) {
    return new Grid(Math.clamp((elements + (long) BLOCK - 1) / BLOCK, 1, MOST_BLOCKS), 1, BLOCK);
  }

  /**
   * One block for each of so many rows, which the kernel walks with a grid stride.
   *
   * @param rows how many, at least 1
   * @return the grid
   */
  public static Grid rows(int rows) {
    return new Grid(Math.clamp(rows, 1, MOST_BLOCKS), 1, BLOCK);
  }

  /**
   * One block for each of so many rows, with fewer threads where rows are short.
   *
   * @param rows how many, at least 1
   * @param length elements of a row
   * @return the grid
   */
  public static Grid rows(int rows, int length) {
    int block = length <= 64 ? 32 : length <= 512 ? 64 : BLOCK;
    return new Grid(rows(rows).x(), 1, block);
  }
}
