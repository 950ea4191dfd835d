package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;

import org.jspecify.annotations.Nullable;

/**
 * Matrix products: packed, blocked for the caches, tiles in registers (after Goto and van de Geijn,
 * "Anatomy of high-performance matrix multiplication", 2008).
 *
 * <p>For a block of K, all threads together pack the right operand into {@link Panels}; then each
 * takes blocks of rows of the {@link Left} one and runs the {@link GemmTiles} of one panel after
 * the other: the panel and the rows stay in the second cache. Packing is also where transposes
 * vanish.
 *
 * <p>Order of sums: K is cut evenly into the fewest blocks of at most {@link #DEPTH}; within a
 * block an element is one chain of fused multiply-adds, and blocks are added in order. This depends
 * on K alone: a row of the result has the same bits whatever other rows are computed with it, and
 * whatever the number of threads.
 */
final class Gemm {
  private static final int ROWS = GemmTiles.ROWS;
  private static final int WIDTH = Panels.WIDTH;

  /** Longest chain; ROWS x DEPTH stays in the first cache, a panel in the second. */
  static final int DEPTH = Integer.getInteger("bulwark.gemm.depth", 768);

  private static final int ROW_BLOCK = Integer.getInteger("bulwark.gemm.rows", 192);
  private static final int PANELS = 64; // of the right operand packed at once: 4.7 MB of floats
  private static final long SERIAL = 200_000; // multiply-adds below which threads do not pay

  private static final float[] ZEROS = new float[WIDTH];

  private Gemm() {}

  /**
   * c = alpha * a b + beta * c, or c = a b + bias.
   *
   * @param m rows of a and c
   * @param n columns of b and c
   * @param k columns of a, rows of b
   * @param alpha factor of the product
   * @param a [m, k], any strides
   * @param b [k, n], any strides
   * @param beta factor of what c holds; 0 means that c may hold anything
   * @param c [m, n] with column stride 1, not overlapping a or b
   * @param bias added to each row instead of beta * c, at its offset with stride 1, or null
   */
  static void multiply(
      int m,
      int n,
      int k,
      float alpha,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c,
      @Nullable Matrix bias) {
    if (m == 0 || n == 0) {
      return;
    }
    if ((beta != 0 && beta != 1) || k == 0) {
      rescale(m, n, beta, c);
    }
    boolean serial = (long) m * n * k < SERIAL;
    int depths = (k + DEPTH - 1) / DEPTH;
    for (int column = 0; column < n; column += PANELS * WIDTH) {
      int width = Math.min(PANELS * WIDTH, n - column);
      for (int block = 0; block < depths; block++) {
        int from = (int) ((long) k * block / depths);
        int depth = (int) ((long) k * (block + 1) / depths) - from;
        Matrix row = bias == null || block > 0 ? null : bias.at(bias.offset() + column);
        Pass pass =
            new Pass(
                m,
                width,
                depth,
                alpha,
                a.at(a.offset() + from * a.columnStride()),
                b.at(b.offset() + from * b.rowStride() + column * b.columnStride()),
                c.at(c.offset() + column),
                block > 0 || beta != 0,
                row);
        pass.run(serial);
      }
    }
    if (k == 0 && bias != null) {
      for (int i = 0; i < m; i++) {
        System.arraycopy(bias.data(), bias.offset(), c.data(), c.offset() + i * c.rowStride(), n);
      }
    }
  }

  private static void rescale(int m, int n, float beta, Matrix c) {
    for (int i = 0; i < m; i++) {
      int at = c.offset() + i * c.rowStride();
      for (int j = at; j < at + n; j++) {
        c.data()[j] = beta == 0 ? 0 : beta * c.data()[j];
      }
    }
  }

  /** One block of K against one block of columns. */
  private static final class Pass {
    private final int m;
    private final int n;
    private final int depth;
    private final float alpha;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final boolean adds;
    private final @Nullable Matrix bias;
    private final int steps; // depth, and one more for a bias
    private final int panels;
    private final long panelBytes;
    private final long packed;

    /** A bias is one more k: a row below the right operand, a column of ones beside the left. */
    Pass(
        int m,
        int n,
        int depth,
        float alpha,
        Matrix a,
        Matrix b,
        Matrix c,
        boolean adds,
        @Nullable Matrix bias) {
      this.m = m;
      this.n = n;
      this.depth = depth;
      this.alpha = alpha;
      this.a = a;
      this.b = b;
      this.c = c;
      this.adds = adds;
      this.bias = bias;
      this.steps = bias == null ? depth : depth + 1;
      this.panels = Panels.count(n);
      this.panelBytes = Panels.bytes(steps);
      this.packed = Scratch.get().panels(panels * panelBytes);
    }

    void run(boolean serial) {
      if (serial) {
        pack(0, panels);
        block(0, m, 0, panels);
        return;
      }
      Parallel.range(panels, Math.max(1, panels / (2 * Parallel.threads())), this::pack);
      int tiles = (m + ROWS - 1) / ROWS;
      int rowBlocks = rowBlocks(Parallel.threads());
      int columnBlocks = columnBlocks(rowBlocks, Parallel.threads());
      Parallel.run(
          rowBlocks * columnBlocks,
          task -> {
            int r = task / columnBlocks;
            int q = task % columnBlocks;
            block(
                (int) ((long) tiles * r / rowBlocks) * ROWS,
                Math.min(m, (int) ((long) tiles * (r + 1) / rowBlocks) * ROWS),
                panels * q / columnBlocks,
                panels * (q + 1) / columnBlocks);
          });
    }

    /**
     * Blocks of at most {@link #ROW_BLOCK} rows, in even shares for all threads if rows suffice.
     */
    private int rowBlocks(int threads) {
      int least = (m + ROW_BLOCK - 1) / ROW_BLOCK;
      if (threads == 1) {
        return least;
      }
      int wanted = Math.max(2 * threads, (least + threads - 1) / threads * threads);
      int most = m / 64; // fewer rows would not be worth a walk over all panels
      return most >= wanted ? wanted : Math.max(least, most / threads * threads);
    }

    /** What is missing in blocks of rows; every block of columns copies its rows again. */
    private int columnBlocks(int rowBlocks, int threads) {
      int wanted = rowBlocks >= 2 * threads ? 1 : (2 * threads + rowBlocks - 1) / rowBlocks;
      return threads == 1 ? 1 : Math.max(1, Math.min(wanted, panels / 2));
    }

    private void pack(int fromPanel, int toPanel) {
      Panels.pack(b, n, depth, fromPanel, toPanel, packed, panelBytes);
      if (bias != null) {
        Panels.pack(bias, n, 1, fromPanel, toPanel, packed + Panels.bytes(depth), panelBytes);
      }
    }

    /** All panels of a range against a block of rows. */
    private void block(int fromRow, int toRow, int fromPanel, int toPanel) {
      float[] t = Scratch.get().floats(Scratch.TILE, ROWS * WIDTH);
      float[] left = Left.rows(a, fromRow, toRow, depth, alpha, bias != null);
      for (int p = fromPanel; p < toPanel; p++) {
        int columns = Math.min(WIDTH, n - p * WIDTH);
        int vectors = (columns + L - 1) / L;
        long panel = packed + p * panelBytes;
        for (int row = fromRow; row < toRow; row += ROWS) {
          int rows = Math.min(ROWS, toRow - row);
          int at = (row - fromRow) * Left.ROW;
          int to = c.offset() + row * c.rowStride() + p * WIDTH;
          if (!adds && rows == ROWS && columns == vectors * L) {
            GemmTiles.product(vectors, steps, left, at, panel, c.data(), to, c.rowStride());
          } else {
            GemmTiles.product(vectors, steps, left, at, panel, t, 0, WIDTH);
            if (adds) {
              GemmTiles.add(
                  t, rows, columns, c.data(), to, c.rowStride(), c.data(), to, c.rowStride());
            } else {
              GemmTiles.add(t, rows, columns, c.data(), to, c.rowStride(), ZEROS, 0, 0);
            }
          }
        }
      }
    }
  }
}
