package dev.bulwark.kernels.cuda;

import java.lang.foreign.MemorySegment;

/**
 * Copies to the host: through two halves of pinned memory, on the stream of all work. While one
 * half is copied, the other is emptied.
 */
final class Downloads {
  private static final long HALF = 4L << 20;

  private final CudaApi api;
  private final long compute;
  private final long[] filled;
  private final MemorySegment pinned;

  /**
   * Takes memory.
   *
   * @param compute the stream of all work
   */
  Downloads(CudaApi api, Resources resources, long compute) {
    this.api = api;
    this.compute = compute;
    this.filled = new long[] {resources.event(), resources.event()};
    this.pinned = resources.pinned(2 * HALF);
  }

  /** Copies after all queued work, and waits for it. */
  void copy(long from, MemorySegment to) {
    long size = to.byteSize();
    int pieces = Math.toIntExact((size + HALF - 1) / HALF);
    for (int i = 0; i <= pieces; i++) {
      if (i < pieces) {
        api.copyToHost(from + i * HALF, piece(i, size), compute);
        api.recordEvent(filled[i & 1], compute);
      }
      if (i > 0) {
        api.synchronizeEvent(filled[i - 1 & 1]);
        MemorySegment piece = piece(i - 1, size);
        to.asSlice((i - 1) * HALF, piece.byteSize()).copyFrom(piece);
      }
    }
  }

  private MemorySegment piece(int i, long size) {
    return pinned.asSlice((i & 1) * HALF, Math.min(HALF, size - i * HALF));
  }
}
