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
 * that is cached goes back to it, and the allocation is tried once more.
 *
 * <p>Not thread-safe but for {@link #giveLater}, which the garbage collector's thread calls.
 */
final class MemoryPool {
  private static final long SMALL = 512;
  private static final long LARGE = 2L << 20;
  private static final long SMALL_LIMIT = 1L << 20;

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
    if (entry == null || entry.getKey() > size + size / 4) {
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
      flush();
      try {
        return device.allocate(size);
      } catch (DeviceOutOfMemoryException still) {
        throw new DeviceOutOfMemoryException(
            "%s has no %,d bytes left: %,d in use, %,d were cached (largest block %,d) and given back first; use a smaller batch or shorter sequences (%s)"
                .formatted(device.name(), size, used, gone, largest, still.getMessage()));
      }
    }
  }

  private static long sizeClass(long bytes) {
    long step = bytes <= SMALL_LIMIT ? SMALL : LARGE;
    return (Math.max(1, bytes) + step - 1) / step * step;
  }
}
