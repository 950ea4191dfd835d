package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;

/** To be written. */
@SuppressWarnings("DoNotCallSuggester")
final class Training {
  Training(Work work) {}

  void adamW(AdamW step, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2) {
    throw new UnsupportedOperationException();
  }
}
