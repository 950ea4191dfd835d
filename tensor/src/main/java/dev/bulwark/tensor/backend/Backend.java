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
}
