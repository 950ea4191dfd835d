package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;

/**
 * Sorts segments of 64-bit keys, unsigned, by a bitonic network. Segments have one length, a power
 * of two; callers fill them up with keys above all.
 */
final class KeySort {
  private static final Kernel TILES = Program.ORDERS.kernel("bk_sort_tile");
  private static final Kernel STEP = Program.ORDERS.kernel("bk_sort_step");
  private static final int TILE = 2048; // keys, as BK_TILE in orders.bk
  private static final int LONGEST = 1 << 29; // segment that int can count through

  private final Work work;

  KeySort(Work work) {
    this.work = work;
  }

  /** Length of a segment for so many keys. */
  static int segment(int keys) {
    if (keys > LONGEST) {
      throw new UnsupportedOperationException("sort: " + keys + " elements are too many");
    }
    return Team.powerOfTwo(keys);
  }

  /** Memory for so many segments, and some more to a whole number of tiles. */
  static Tensor keys(int segments, int segment, Backend backend) {
    int tiles = (segments * segment - 1) / TILE + 1;
    return Tensor.empty(Shape.of(tiles * TILE), DType.I64, backend);
  }

  /** Sorts each segment: runs of ever more keys, until a run is a segment. */
  void sort(Tensor keys, int segment) {
    Grid tiles = new Grid(keys.size() / TILE, 1, Grid.BLOCK);
    int pairs = keys.size() / 2;
    work.launch(TILES, tiles, keys, 2, Math.min(segment, TILE), segment);
    for (int run = 2 * TILE; run <= segment; run *= 2) {
      for (int gap = run / 2; gap >= TILE; gap /= 2) {
        work.launch(STEP, Grid.over(pairs), keys, gap, run, segment, pairs);
      }
      work.launch(TILES, tiles, keys, run, run, segment);
    }
  }
}
