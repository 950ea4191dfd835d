package dev.bulwark.kernels.cuda;

/** NVIDIA's matrix products, on one stream of one device. */
interface Cublas {
  /**
   * Queues products.
   *
   * @param call what to compute; all sizes at least 1
   */
  void gemm(GemmCall call);

  /** Gives the library's handle back. */
  void close();

  /** Starts the library for a stream of the current context. */
  interface Starter {
    /**
     * Makes a handle.
     *
     * @param stream where all of its work is queued
     * @param workspace device memory of its own: with the library's, results might differ between
     *     runs
     * @param bytes size of that
     */
    Cublas start(long stream, long workspace, long bytes);
  }
}
