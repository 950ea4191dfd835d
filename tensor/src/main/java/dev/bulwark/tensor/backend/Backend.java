package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.DType;

/** A place where tensors live and kernels run. */
public interface Backend {
  /**
   * Short name: "reference", "simd", "cuda:0".
   *
   * @return the name
   */
  String name();

  /**
   * The kernels.
   *
   * @return kernels for buffers of this back end
   */
  Kernels kernels();

  /**
   * Memory with arbitrary contents, owned by the current scope.
   *
   * @param dtype element type
   * @param size number of elements
   * @return the buffer
   */
  Buffer allocate(DType dtype, int size);

  /**
   * Whether buffers are {@link HeapBuffer}s, so that tensors move between such back ends without a
   * copy.
   *
   * @return true for CPU back ends
   */
  boolean isHost();

  /** Waits until every kernel started so far has finished. */
  void synchronize();

  /**
   * How exactly operands enter matrix products.
   *
   * @return the precision, F32 unless set
   */
  default Precision precision() {
    return Precision.F32;
  }

  /**
   * Sets how exactly operands enter matrix products from now on.
   *
   * @param precision the precision
   * @throws UnsupportedOperationException if this back end cannot
   */
  default void setPrecision(Precision precision) {
    if (precision != Precision.F32) {
      throw new UnsupportedOperationException(
          "back end '"
              + name()
              + "' multiplies in f32 only, not in "
              + precision
              + "; choose a GPU with --device, or leave --precision out");
    }
  }

  /**
   * Copies, launches and memory of a device so far.
   *
   * @return counts since the back end was opened
   */
  default DeviceStatistics statistics() {
    return DeviceStatistics.NONE;
  }
}
