package dev.bulwark.kernels.simd;

/**
 * Several loops over a block of memory that stays in the first cache, for what is too large for one
 * loop.
 *
 * <p>The loops must not be inlined here: together they would pass the compiler's limits again, and
 * vectors would turn into objects. Three or more passes make the call below one that the compiler
 * cannot foresee, so give at least three.
 */
final class Blocks {
  /** Floats in a block. */
  static final int SIZE = 1024;

  /** One loop over a part of a run. */
  @FunctionalInterface
  interface Pass {
    /**
     * Handles n elements.
     *
     * @param from first element of the block in the run
     * @param n elements of the block, at most {@link #SIZE}
     */
    void run(int from, int n);
  }

  private Blocks() {}

  /** Runs loops over one and the same block, one after the other; at least three. */
  static void inTurn(Runnable... passes) {
    for (Runnable pass : passes) {
      pass.run();
    }
  }

  /** Runs all passes over one block after the other. */
  static void each(int n, Pass... passes) {
    for (int from = 0; from < n; from += SIZE) {
      int size = Math.min(SIZE, n - from);
      for (Pass pass : passes) {
        pass.run(from, size);
      }
    }
  }
}
