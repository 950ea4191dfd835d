package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.Tensor;

/** Rows of a table by number, and their gradient. Rows are contiguous. */
final class Indexing {
  private static final int PIECE = 16_384; // elements that are worth a task
  private static final int COLUMNS = 16; // of the table that a task takes at least

  private Indexing() {}

  /** table [N, D] with contiguous rows, ids [K], y [K, D] contiguous. */
  static void gatherRows(Tensor table, Tensor ids, Tensor y) {
    float[] from = table.heap().floats();
    int[] numbers = ids.heap().ints();
    float[] to = y.heap().floats();
    int d = table.dim(1);
    if (y.size() == 0) {
      return;
    }
    Parallel.range(
        ids.size(),
        Math.max(1, PIECE / d),
        (first, end) -> {
          for (int k = first; k < end; k++) {
            int row = numbers[ids.offset() + k * ids.stride(0)];
            System.arraycopy(
                from, table.offset() + row * table.stride(0), to, y.offset() + k * d, d);
          }
        });
  }

  /**
   * Every task walks all ids in order, but only over its columns: no two tasks meet, and the cut
   * changes no sum.
   */
  static void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable) {
    float[] from = dy.heap().floats();
    int[] numbers = ids.heap().ints();
    float[] to = dTable.heap().floats();
    int count = ids.size();
    int d = dy.dim(1);
    int share = (d + Parallel.threads() - 1) / Parallel.threads();
    Parallel.range(
        d,
        (share + COLUMNS - 1) / COLUMNS * COLUMNS,
        (first, end) -> {
          for (int k = 0; k < count; k++) {
            int row = numbers[ids.offset() + k * ids.stride(0)];
            RowLoops.add(
                from,
                dy.offset() + k * dy.stride(0) + first,
                to,
                dTable.offset() + row * dTable.stride(0) + first,
                end - first);
          }
        });
  }
}
