package dev.bulwark.kernels.cuda;

import java.lang.foreign.MemorySegment;

/**
 * Copies to the device: through two halves of pinned memory, on a stream of their own. While one
 * half is copied, the other is filled; small copies share a half, so that many can be queued
 * without a wait. The copies start after all work queued before, for the memory may still be in use
 * by it, and work queued later starts after the copies.
 */
final class Uploads {
  private static final long HALF = 8L << 20;
  private static final long LINE = 64;

  private final CudaApi api;
  private final long compute;
  private final long stream;
  private final long before;
  private final long after;
  private final long[] emptied;
  private final MemorySegment pinned;
  private int current;
  private long at;

  /**
   * Takes stream and memory.
   *
   * @param compute the stream of all other work
   */
  Uploads(CudaApi api, Resources resources, long compute) {
    this.api = api;
    this.compute = compute;
    this.stream = resources.stream();
    this.before = resources.event();
    this.after = resources.event();
    this.emptied = new long[] {resources.event(), resources.event()};
    this.pinned = resources.pinned(2 * HALF);
  }

  /** Queues a copy; the source may change afterwards. */
  void copy(MemorySegment from, long to) {
    api.recordEvent(before, compute);
    api.waitForEvent(stream, before);
    for (long done = 0; done < from.byteSize(); ) {
      long n = Math.min(HALF, from.byteSize() - done);
      MemorySegment piece = piece(n).copyFrom(from.asSlice(done, n));
      api.copyToDevice(piece, to + done, stream);
      done += n;
    }
    api.recordEvent(after, stream);
    api.waitForEvent(compute, after);
  }

  /** Pinned memory that no queued copy reads. */
  private MemorySegment piece(long bytes) {
    if (at + bytes > HALF) {
      api.recordEvent(emptied[current], stream);
      current = 1 - current;
      at = 0;
      api.synchronizeEvent(emptied[current]);
    }
    MemorySegment piece = pinned.asSlice(current * HALF + at, bytes);
    at += (bytes + LINE - 1) / LINE * LINE;
    return piece;
  }

  /** Waits for all copies. */
  void synchronize() {
    api.synchronizeStream(stream);
  }
}
