package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;

/** To be written. */
@SuppressWarnings("DoNotCallSuggester")
final class Softmaxes {
  Softmaxes(Work work) {}

  void softmax(Tensor x, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void softmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    throw new UnsupportedOperationException();
  }

  void logSoftmax(Tensor x, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    throw new UnsupportedOperationException();
  }

  void crossEntropy(Tensor logits, Tensor labels, Tensor losses) {
    throw new UnsupportedOperationException();
  }

  void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits) {
    throw new UnsupportedOperationException();
  }
}
