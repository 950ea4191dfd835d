package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.DType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A primitive array of the Java heap, pooled. Shared by the CPU back ends.
 *
 * <p>The array may be longer than {@link #size()}: pools hand out size classes.
 */
public final class HeapBuffer extends Buffer {
  private final Backend backend;
  private @Nullable Object array;

  HeapBuffer(Backend backend, DType dtype, int size, Object array) {
    super(dtype, size);
    this.backend = backend;
    this.array = array;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  /**
   * The F32 elements.
   *
   * @return the array itself, at least {@link #size()} long
   */
  public float[] floats() {
    return (float[]) live();
  }

  /**
   * The F64 elements.
   *
   * @return the array itself
   */
  public double[] doubles() {
    return (double[]) live();
  }

  /**
   * The I64 elements.
   *
   * @return the array itself
   */
  public long[] longs() {
    return (long[]) live();
  }

  /**
   * The I32 elements.
   *
   * @return the array itself
   */
  public int[] ints() {
    return (int[]) live();
  }

  /**
   * The bits of BF16 or F16 elements.
   *
   * @return the array itself
   */
  public short[] shorts() {
    return (short[]) live();
  }

  /**
   * The U8 elements.
   *
   * @return the array itself
   */
  public byte[] bytes() {
    return (byte[]) live();
  }

  private Object live() {
    checkLive();
    return Objects.requireNonNull(array);
  }

  @Override
  protected void free() {
    Object a = Objects.requireNonNull(array);
    array = null;
    HeapPool.give(a, dtype());
  }
}
