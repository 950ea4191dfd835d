package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;

import org.jspecify.annotations.Nullable;

/**
 * Matrix products: packed, blocked for the caches, tiles in registers (after Goto and van de Geijn,
 * "Anatomy of high-performance matrix multiplication", 2008).
 *
 * <p>For a block of K, all threads together pack the right operand into panels of {@link #WIDTH}
 * columns; then each takes blocks of rows, packs them into panels of {@link #ROWS} rows and runs
 * the tiles. Packing is also where transposes vanish.
 *
 * <p>Order of sums: K is cut evenly into the fewest blocks of at most {@link #DEPTH}; within a
 * block an element is one chain of fused multiply-adds, and blocks are added in order. This depends
 * on K alone: a row of the result has the same bits whatever other rows are computed with it, and
 * whatever the number of threads.
 */
final class Gemm {
  /** Rows of a tile and of a panel of the left operand. */
  static final int ROWS = Tiles.ROWS;

  /** Columns of a panel of the right operand. */
  static final int WIDTH = 3 * L;

  /** Longest chain; ROWS x DEPTH stays in the first cache, WIDTH x DEPTH in the second. */
  static final int DEPTH = Integer.getInteger("bulwark.gemm.depth", 768);

  private static final int ROW_BLOCK = Integer.getInteger("bulwark.gemm.rows", 96);
  private static final int PANELS = 64; // of the right operand packed at once: 4.7 MB of floats
  private static final long SERIAL = 200_000; // multiply-adds below which threads do not pay

  private static final Matrix NOTHING = new Matrix(Tiles.ZEROS, 0, 0, 1);

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
        Matrix add = block > 0 || beta != 0 ? c : bias;
        if (add != null) {
          int rowStride = block > 0 || beta != 0 ? c.rowStride() : 0;
          add = new Matrix(add.data(), add.offset() + column, rowStride, 1);
        }
        Pass pass =
            new Pass(
                m,
                width,
                depth,
                alpha,
                a.at(a.offset() + from * a.columnStride()),
                b.at(b.offset() + from * b.rowStride() + column * b.columnStride()),
                c.at(c.offset() + column),
                add);
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
    private final @Nullable Matrix add;
    private final int panels;
    private final float[] packedB;

    Pass(int m, int n, int depth, float alpha, Matrix a, Matrix b, Matrix c, @Nullable Matrix add) {
      this.m = m;
      this.n = n;
      this.depth = depth;
      this.alpha = alpha;
      this.a = a;
      this.b = b;
      this.c = c;
      this.add = add;
      this.panels = (n + WIDTH - 1) / WIDTH;
      this.packedB = Scratch.get().floats(Scratch.PACKED_B, panels * WIDTH * depth);
    }

    void run(boolean serial) {
      if (serial) {
        packB(0, panels);
        rows(0, m, 0, panels);
        return;
      }
      Parallel.range(panels, 2, this::packB);
      int rowBlocks = (m + ROW_BLOCK - 1) / ROW_BLOCK;
      int columnBlocks = columnBlocks(rowBlocks);
      int tiles = (m + ROWS - 1) / ROWS;
      Parallel.run(
          rowBlocks * columnBlocks,
          task -> {
            int r = task / columnBlocks;
            int q = task % columnBlocks;
            rows(
                (int) ((long) tiles * r / rowBlocks) * ROWS,
                Math.min(m, (int) ((long) tiles * (r + 1) / rowBlocks) * ROWS),
                panels * q / columnBlocks,
                panels * (q + 1) / columnBlocks);
          });
    }

    /** Enough tasks for all threads, but panels enough in each to be worth packing rows for. */
    private int columnBlocks(int rowBlocks) {
      int wanted = (4 * Parallel.threads() + rowBlocks - 1) / rowBlocks;
      return Math.max(1, Math.min(wanted, panels / 4));
    }

    private void packB(int fromPanel, int toPanel) {
      for (int p = fromPanel; p < toPanel; p++) {
        int columns = Math.min(WIDTH, n - p * WIDTH);
        int at = b.offset() + p * WIDTH * b.columnStride();
        Packing.pack(
            b.data(),
            at,
            b.columnStride(),
            b.rowStride(),
            columns,
            depth,
            packedB,
            p * WIDTH * depth,
            vectors(columns) * L);
      }
    }

    private void rows(int fromRow, int toRow, int fromPanel, int toPanel) {
      int tiles = (toRow - fromRow + ROWS - 1) / ROWS;
      Scratch scratch = Scratch.get();
      float[] packedA = scratch.floats(Scratch.PACKED_A, tiles * ROWS * depth + 2 * L);
      for (int t = 0; t < tiles; t++) {
        int row = fromRow + t * ROWS;
        Packing.pack(
            a.data(),
            a.offset() + row * a.rowStride(),
            a.rowStride(),
            a.columnStride(),
            Math.min(ROWS, toRow - row),
            depth,
            packedA,
            t * ROWS * depth,
            ROWS);
      }
      if (alpha != 1) {
        for (int i = 0; i < tiles * ROWS * depth; i++) {
          packedA[i] *= alpha;
        }
      }
      for (int p = fromPanel; p < toPanel; p++) {
        for (int t = 0; t < tiles; t++) {
          tile(packedA, t * ROWS * depth, fromRow + t * ROWS, toRow, p, scratch);
        }
      }
    }

    private void tile(float[] packedA, int atA, int row, int toRow, int panel, Scratch scratch) {
      int column = panel * WIDTH;
      int columns = Math.min(WIDTH, n - column);
      int vectors = vectors(columns);
      int atB = panel * WIDTH * depth;
      int atC = c.offset() + row * c.rowStride() + column;
      Matrix s = add == null ? NOTHING : add;
      int atS = add == null ? 0 : s.offset() + row * s.rowStride() + column;
      if (toRow - row >= ROWS && columns == vectors * L) {
        Tiles.packed(
            vectors,
            depth,
            packedA,
            atA,
            packedB,
            atB,
            c.data(),
            atC,
            c.rowStride(),
            s.data(),
            atS,
            s.rowStride());
        return;
      }
      float[] whole = scratch.floats(Scratch.TILE, ROWS * WIDTH);
      Tiles.packed(vectors, depth, packedA, atA, packedB, atB, whole, 0, WIDTH, Tiles.ZEROS, 0, 0);
      for (int i = 0; i < Math.min(ROWS, toRow - row); i++) {
        int to = atC + i * c.rowStride();
        int from = atS + i * s.rowStride();
        for (int j = 0; j < columns; j++) {
          float x = whole[i * WIDTH + j];
          c.data()[to + j] = s.data()[from + j] + x;
        }
      }
    }
  }

  private static int vectors(int columns) {
    return (columns + L - 1) / L;
  }
}
