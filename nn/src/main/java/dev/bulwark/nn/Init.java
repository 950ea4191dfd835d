package dev.bulwark.nn;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;

/** First values of parameters that no checkpoint holds. */
@FunctionalInterface
public interface Init {
  /** All zeros: biases. */
  Init ZEROS = (shape, dtype, rng) -> Tensor.zeros(shape, dtype);

  /** All ones: layer-norm gains. */
  Init ONES = (shape, dtype, rng) -> Tensor.full(shape, dtype, 1);

  /**
   * Fills a new tensor.
   *
   * @param shape its shape
   * @param dtype its type
   * @param rng stream of this parameter alone
   * @return the tensor
   */
  Tensor fill(Shape shape, DType dtype, Rng rng);

  /**
   * Normal numbers around zero, as BERT starts all its matrices.
   *
   * @param deviation standard deviation; 0.02 in BERT
   * @return the initialiser
   */
  static Init normal(double deviation) {
    return (shape, dtype, rng) -> {
      Tensor t = Tensor.empty(shape, dtype, Backends.current());
      t.kernels().normal(rng, 0, deviation, t);
      return t;
    };
  }
}
