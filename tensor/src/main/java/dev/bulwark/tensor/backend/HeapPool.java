package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.DType;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps released arrays for later tensors of about the same size: touching new memory costs ten
 * times as much as touching old.
 *
 * <p>Lengths are an eighth of a power of two apart; an array up to half as long again as asked for
 * will do, so that batches of ever new lengths share their memory. Arrays under 256 elements are
 * left to the garbage collector. When the pool would hold more than a quarter of the heap it
 * forgets everything: what is needed soon comes back, what was outgrown does not.
 */
public final class HeapPool {
  private static final int SMALLEST = 256;
  private static final boolean POISON = Boolean.getBoolean("bulwark.poison");
  private static final long LIMIT = Runtime.getRuntime().maxMemory() / 4;

  private static final Map<DType, ConcurrentSkipListMap<Integer, ConcurrentLinkedDeque<Object>>>
      FREE = new EnumMap<>(DType.class);

  static {
    for (DType t : DType.values()) {
      FREE.put(t, new ConcurrentSkipListMap<>());
    }
  }

  private static final AtomicLong HELD = new AtomicLong();
  private static final AtomicLong USED = new AtomicLong();
  private static final AtomicLong PEAK = new AtomicLong();

  private HeapPool() {}

  /**
   * A buffer with arbitrary contents.
   *
   * @param backend the back end it belongs to
   * @param dtype element type
   * @param size number of elements
   * @return the buffer, owned by the current scope
   */
  public static HeapBuffer allocate(Backend backend, DType dtype, int size) {
    Object array = take(dtype, size);
    long used = USED.addAndGet((long) Array.getLength(array) * dtype.bytes());
    PEAK.accumulateAndGet(used, Math::max);
    return new HeapBuffer(backend, dtype, size, array);
  }

  /**
   * Bytes waiting in the pool.
   *
   * @return bytes held and not in use
   */
  public static long heldBytes() {
    return HELD.get();
  }

  /**
   * Bytes of the arrays handed out and not given back. What the garbage collector took counts as
   * handed out, so the number is exact only where scopes give everything back.
   *
   * @return bytes in use
   */
  public static long usedBytes() {
    return USED.get();
  }

  /**
   * Most bytes in use at any time since {@link #resetPeak}.
   *
   * @return bytes
   */
  public static long peakBytes() {
    return PEAK.get();
  }

  /** Starts the peak anew from what is in use now. */
  public static void resetPeak() {
    PEAK.set(USED.get());
  }

  /** Drops every waiting array. */
  public static void clear() {
    FREE.forEach((dtype, arrays) ->
        arrays.forEach((length, waiting) -> {
          while (waiting.pollFirst() != null) {
            HELD.addAndGet(-(long) length * dtype.bytes());
          }
        }));
  }

  private static Object take(DType dtype, int size) {
    if (size < SMALLEST) {
      return create(dtype, size);
    }
    int length = sizeClass(size);
    int longest = (int) Math.min(length + (length >> 1) + 1L, Integer.MAX_VALUE);
    for (var waiting : free(dtype).subMap(length, longest).values()) {
      Object array = waiting.pollFirst();
      if (array != null) {
        HELD.addAndGet(-(long) Array.getLength(array) * dtype.bytes());
        return array;
      }
    }
    return create(dtype, length);
  }

  static void give(Object array, DType dtype) {
    int length = Array.getLength(array);
    if (POISON) {
      poison(array);
    }
    long bytes = (long) length * dtype.bytes();
    USED.addAndGet(-bytes);
    if (length < SMALLEST || bytes > LIMIT) {
      return;
    }
    if (HELD.get() + bytes > LIMIT) {
      clear();
    }
    HELD.addAndGet(bytes);
    free(dtype).computeIfAbsent(length, k -> new ConcurrentLinkedDeque<>()).addFirst(array);
  }

  static int sizeClass(int size) {
    int step = Math.max(Integer.highestOneBit(size) >> 3, 32);
    long rounded = ((long) size + step - 1) / step * step;
    return (int) Math.min(rounded, Integer.MAX_VALUE - 8L);
  }

  private static ConcurrentSkipListMap<Integer, ConcurrentLinkedDeque<Object>> free(DType dtype) {
    return Objects.requireNonNull(FREE.get(dtype));
  }

  private static Object create(DType dtype, int length) {
    return switch (dtype) {
      case F64 -> new double[length];
      case F32 -> new float[length];
      case I64 -> new long[length];
      case I32 -> new int[length];
      case BF16, F16 -> new short[length];
      case U8 -> new byte[length];
    };
  }

  private static void poison(Object array) {
    switch (array) {
      case float[] a -> Arrays.fill(a, Float.NaN);
      case double[] a -> Arrays.fill(a, Double.NaN);
      case int[] a -> Arrays.fill(a, Integer.MIN_VALUE);
      case long[] a -> Arrays.fill(a, Long.MIN_VALUE);
      case short[] a -> Arrays.fill(a, (short) -1);
      case byte[] a -> Arrays.fill(a, (byte) -1);
      default -> throw new IllegalStateException("not a tensor array: " + array.getClass());
    }
  }
}
