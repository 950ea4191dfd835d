package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.DType;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps released arrays for the next tensor of the same size class: touching new memory costs ten
 * times as much as touching old.
 *
 * <p>Size classes are an eighth of a power of two apart, so at most 12.5 % is wasted. Arrays under
 * 256 elements are left to the garbage collector. The pool never holds more than half of the heap.
 */
public final class HeapPool {
  private static final int SMALLEST = 256;
  private static final boolean POISON = Boolean.getBoolean("bulwark.poison");
  private static final long LIMIT = Runtime.getRuntime().maxMemory() / 2;
  private static final ConcurrentHashMap<SizeClass, ConcurrentLinkedDeque<Object>> FREE =
      new ConcurrentHashMap<>();
  private static final AtomicLong HELD = new AtomicLong();

  private record SizeClass(DType dtype, int length) {}

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
    return new HeapBuffer(backend, dtype, size, take(dtype, size));
  }

  /**
   * Bytes waiting in the pool.
   *
   * @return bytes held and not in use
   */
  public static long heldBytes() {
    return HELD.get();
  }

  /** Drops every waiting array. */
  public static void clear() {
    FREE.clear();
    HELD.set(0);
  }

  private static Object take(DType dtype, int size) {
    if (size < SMALLEST) {
      return create(dtype, size);
    }
    int length = sizeClass(size);
    ConcurrentLinkedDeque<Object> waiting = FREE.get(new SizeClass(dtype, length));
    @Nullable Object array = waiting == null ? null : waiting.pollFirst();
    if (array == null) {
      return create(dtype, length);
    }
    HELD.addAndGet(-(long) length * dtype.bytes());
    return array;
  }

  static void give(Object array, DType dtype) {
    int length = Array.getLength(array);
    if (POISON) {
      poison(array);
    }
    long bytes = (long) length * dtype.bytes();
    if (length < SMALLEST || HELD.get() + bytes > LIMIT) {
      return;
    }
    HELD.addAndGet(bytes);
    FREE.computeIfAbsent(new SizeClass(dtype, length), k -> new ConcurrentLinkedDeque<>())
        .addFirst(array);
  }

  static int sizeClass(int size) {
    int step = Math.max(Integer.highestOneBit(size) >> 3, 32);
    long rounded = ((long) size + step - 1) / step * step;
    return (int) Math.min(rounded, Integer.MAX_VALUE - 8L);
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
