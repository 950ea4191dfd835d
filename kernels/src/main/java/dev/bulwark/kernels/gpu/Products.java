package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** To be written. */
@SuppressWarnings("DoNotCallSuggester")
final class Products {
  Products(Work work) {}

  void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    throw new UnsupportedOperationException();
  }

  void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
    throw new UnsupportedOperationException();
  }
}
