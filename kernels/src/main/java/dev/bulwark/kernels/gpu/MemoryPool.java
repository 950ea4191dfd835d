package dev.bulwark.kernels.gpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps freed device memory for reuse, by size.
 *
 * <p>A block may be handed out again at once, while kernels that use it are still queued: all work
 * runs on one queue, in order, so the next user comes after the last. When the device is full, all
 * that is cached goes back to it; if that is not enough, the garbage collector is asked for tensors
 * that no scope owned and nobody refers to any more.
 *
 * <p>Not thread-safe but for {@link #giveLater}, which the garbage collector's thread calls.
 */
final class MemoryPool {
  /**
   * Asks the device for the bytes of a tensor and no more, and reuses blocks of that very size, so
   * that what watches accesses sees a kernel that leaves its tensor.
   */
  private static final boolean EXACT = Boolean.getBoolean("bulwark.gpu.exact");

  private static final long WORD = 4;
  private static final long SMALL = 512;
  private static final long LARGE = 2L << 20;
  private static final long SMALL_LIMIT = 1L << 20;
  private static final int LONGEST_WAIT = 256; // milliseconds for the collector, half of all waits

  private final Device device;
  private final NavigableMap<Long, Deque<Memory>> free = new TreeMap<>();
  private final Queue<Memory> returned = new ConcurrentLinkedQueue<>();
  private long used;
  private long cached;
  private long peak;

  MemoryPool(Device device) {
    this.device = device;
  }

  /** Memory of at least so many bytes. */
  Memory take(long bytes) {
    takeBack();
    long size = sizeClass(bytes);
    Memory memory = reuse(size);
    if (memory == null) {
      memory = allocate(size);
    }
    used += memory.bytes();
    peak = Math.max(peak, used);
    return memory;
  }

  /** Hands memory back; from any thread, without a call to the device. */
  void giveLater(Memory memory) {
    returned.add(memory);
  }

  /** Gives everything that is cached back to the device. */
  void flush() {
    takeBack();
    free.values().forEach(blocks -> blocks.forEach(device::free));
    free.clear();
    cached = 0;
  }

  /** Held by live tensors. */
  long usedBytes() {
    takeBack();
    return used;
  }

  /** Free, but kept for reuse. */
  long cachedBytes() {
    takeBack();
    return cached;
  }

  /** Most that was in use at once. */
  long peakBytes() {
    return peak;
  }

  private void takeBack() {
    for (Memory m = returned.poll(); m != null; m = returned.poll()) {
      used -= m.bytes();
      cached += m.bytes();
      free.computeIfAbsent(m.bytes(), size -> new ArrayDeque<>()).push(m);
    }
  }

  /** A cached block of this size or little more. */
  private @Nullable Memory reuse(long size) {
    Map.Entry<Long, Deque<Memory>> entry = free.ceilingEntry(size);
    if (entry == null || entry.getKey() > (EXACT ? size : size + size / 4)) {
      return null;
    }
    Memory memory = entry.getValue().pop();
    if (entry.getValue().isEmpty()) {
      free.remove(entry.getKey());
    }
    cached -= memory.bytes();
    return memory;
  }

  private Memory allocate(long size) {
    try {
      return device.allocate(size);
    } catch (DeviceOutOfMemoryException full) {
      long largest = free.isEmpty() ? 0 : free.lastKey();
      long gone = cached;
      Memory memory = afterFlush(size);
      memory = memory == null ? afterCollection(size) : memory;
      if (memory != null) {
        return memory;
      }
      throw new DeviceOutOfMemoryException(
          "%s has no %,d bytes left: %,d in use, %,d were cached (largest block %,d) and given back first; use a smaller batch or shorter sequences (%s)"
              .formatted(device.name(), size, used, gone, largest, full.getMessage()));
    }
  }

  /** Memory that the device gives once all that was cached is its own again, or null. */
  private @Nullable Memory afterFlush(long size) {
    flush();
    try {
      return device.allocate(size);
    } catch (DeviceOutOfMemoryException still) {
      return null;
    }
  }

  /**
   * Memory that comes free when the garbage collector runs, or null. It would not run by itself: a
   * tensor on a device takes next to nothing of the Java heap.
   */
  private @Nullable Memory afterCollection(long size) {
    if (used == 0) {
      return null;
    }
    System.gc();
    for (int wait = 1; wait <= LONGEST_WAIT; wait *= 2) { // another thread hands over what it found
      try {
        Thread.sleep(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
      if (!returned.isEmpty()) {
        takeBack();
        Memory memory = reuse(size);
        memory = memory == null ? afterFlush(size) : memory;
        if (memory != null) {
          return memory;
        }
      }
    }
    return null;
  }

  private static long sizeClass(long bytes) {
    long step = EXACT ? WORD : bytes <= SMALL_LIMIT ? SMALL : LARGE;
    return (Math.max(1, bytes) + step - 1) / step * step;
  }
}
