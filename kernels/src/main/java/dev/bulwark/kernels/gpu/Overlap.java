package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;

/** Results that are operands at the same time. */
final class Overlap {
  private Overlap() {}

  /** The operand, or a copy of it if it is the same view as one of the results. */
  static Tensor apart(Tensor operand, Tensor... results) {
    for (Tensor result : results) {
      if (same(operand, result)) {
        return operand.copy();
      }
    }
    return operand;
  }

  private static boolean same(Tensor a, Tensor b) {
    if (!a.buffer().equals(b.buffer())
        || a.offset() != b.offset()
        || !a.shape().equals(b.shape())) {
      return false;
    }
    for (int axis = 0; axis < a.rank(); axis++) {
      if (a.dim(axis) != 1 && a.stride(axis) != b.stride(axis)) {
        return false;
      }
    }
    return true;
  }
}
