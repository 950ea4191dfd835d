package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;

/** A way to compute attention; {@link Attention} chooses. Results have a dense last axis. */
interface AttentionPath {
  void forward(AttentionCall call, Tensor out, Tensor logSums);

  void backward(
      AttentionCall call, Tensor out, Tensor logSums, Tensor dOut, Tensor dq, Tensor dk, Tensor dv);
}
