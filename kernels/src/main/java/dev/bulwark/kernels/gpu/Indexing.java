package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;

/** To be written. */
@SuppressWarnings("DoNotCallSuggester")
final class Indexing {
  Indexing(Work work) {}

  void gatherRows(Tensor table, Tensor ids, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable) {
    throw new UnsupportedOperationException();
  }

  void gather(Tensor x, int axis, Tensor index, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void scatterAdd(Tensor dy, int axis, Tensor index, Tensor dx) {
    throw new UnsupportedOperationException();
  }
}
