package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Reduce;

/** To be written. */
@SuppressWarnings("DoNotCallSuggester")
final class Reductions {
  Reductions(Work work) {}

  void reduce(Reduce op, Tensor x, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void argMax(Tensor x, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void cumulativeSum(Tensor x, int axis, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void sort(Tensor x, boolean descending, Tensor values, Tensor indices) {
    throw new UnsupportedOperationException();
  }

  double sumOfSquares(Tensor x) {
    throw new UnsupportedOperationException();
  }

  boolean allFinite(Tensor x) {
    throw new UnsupportedOperationException();
  }
}
