package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import org.jspecify.annotations.Nullable;

/** To be written. */
@SuppressWarnings("DoNotCallSuggester")
final class Attention {
  Attention(Work work, Products products) {}

  void forward(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums) {
    throw new UnsupportedOperationException();
  }

  void backward(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    throw new UnsupportedOperationException();
  }
}
