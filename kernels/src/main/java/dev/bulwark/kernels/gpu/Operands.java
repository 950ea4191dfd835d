package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;

/** What operands must be. */
final class Operands {
  private Operands() {}

  /** Refuses operands that are not F32. */
  static void requireF32(String what, Tensor... operands) {
    for (Tensor t : operands) {
      if (t.dtype() != DType.F32) {
        throw new UnsupportedOperationException(
            what
                + ": a GPU computes in F32, but an operand is "
                + t.describe()
                + "; cast it, or compute on the 'reference' back end");
      }
    }
  }

  /** Refuses operands whose elements have not so many bytes. */
  static void requireWidth(String what, int bytes, Tensor... operands) {
    for (Tensor t : operands) {
      if (t.dtype().bytes() != bytes) {
        throw new UnsupportedOperationException(
            what
                + ": a GPU takes elements of "
                + bytes
                + " bytes here, but an operand is "
                + t.describe());
      }
    }
  }

  /** A contiguous tensor of the same device, for a result that has to be copied to its place. */
  static Tensor scratch(Tensor like) {
    return Tensor.empty(like.shape(), like.dtype(), like.backend());
  }
}
