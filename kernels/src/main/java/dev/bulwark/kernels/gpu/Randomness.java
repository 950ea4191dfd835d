package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;

/** To be written. */
@SuppressWarnings("DoNotCallSuggester")
final class Randomness {
  Randomness(Work work) {}

  void dropout(Tensor x, double p, Rng rng, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void uniform(Rng rng, double low, double high, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void normal(Rng rng, double mean, double deviation, Tensor y) {
    throw new UnsupportedOperationException();
  }

  void bernoulli(Rng rng, double p, Tensor y) {
    throw new UnsupportedOperationException();
  }
}
