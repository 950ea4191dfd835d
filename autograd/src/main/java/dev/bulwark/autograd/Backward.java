package dev.bulwark.autograd;

import dev.bulwark.tensor.Tensor;

/** The backward half of an op: from the gradient of its result to the gradients of its inputs. */
@FunctionalInterface
public interface Backward {
  /**
   * Hands over the gradients of the inputs.
   *
   * <p>Tensors allocated here are given back when it returns, but for those handed to the sink.
   *
   * @param dy gradient of the result, of its shape and type; may be a strided or broadcast view and
   *     must not be written to
   * @param to receives one gradient per input
   */
  void apply(Tensor dy, Sink to);
}
