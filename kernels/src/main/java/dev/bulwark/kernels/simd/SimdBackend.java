package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Buffer;
import dev.bulwark.tensor.backend.HeapPool;
import dev.bulwark.tensor.backend.Kernels;

/** The back end of vector loops on pooled heap arrays. */
final class SimdBackend implements Backend {
  private final Kernels kernels = new SimdKernels();

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Buffer allocate(DType dtype, int size) {
    return HeapPool.allocate(this, dtype, size);
  }

  @Override
  public boolean isHost() {
    return true;
  }

  @Override
  public void synchronize() {
    // Kernels return when they are done.
  }

  String describe() {
    int bits = Lanes.F.vectorBitSize();
    int threads = Parallel.threads();
    return bits + "-bit vectors, " + threads + (threads == 1 ? " thread" : " threads");
  }
}
