package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** To be written. */
@SuppressWarnings("DoNotCallSuggester")
final class LayerNorms {
  LayerNorms(Work work) {}

  void forward(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    throw new UnsupportedOperationException();
  }

  void backward(
      Tensor dy,
      Tensor x,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      @Nullable Tensor dx,
      @Nullable Tensor dGain,
      @Nullable Tensor dBias) {
    throw new UnsupportedOperationException();
  }
}
