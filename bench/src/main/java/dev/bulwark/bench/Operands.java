package dev.bulwark.bench;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;

/** Tensors to compute on. */
public final class Operands {
  private Operands() {}

  /**
   * Numbers in [-1, 1), touched once, so that a bench does not measure page faults.
   *
   * @param backend where they lie
   * @param name of the tensor: another name gives other numbers
   * @param dims its shape
   * @return the tensor, F32
   */
  public static Tensor random(Backend backend, String name, int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, backend);
    t.kernels().uniform(Rng.seed(1).split(name), -1, 1, t);
    return t;
  }

  /**
   * Waits for the device that computes a result, so that a bench times the work and not the order.
   *
   * @param result any tensor
   * @return the same
   */
  static Tensor finished(Tensor result) {
    result.backend().synchronize();
    return result;
  }
}
