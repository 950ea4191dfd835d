package dev.bulwark.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The rules that operands obey, checked before any kernel runs. Every message names the operation,
 * each operand's type and shape, the rule, and where there is one, the way out.
 */
public final class Checks {
  private Checks() {}

  /**
   * Fails unless a rule holds.
   *
   * @param holds whether it does
   * @param op name of the operation
   * @param rule what must hold and, if it helps, what to do; "needs a matrix; reshape it"
   * @param operands the tensors it is about
   * @throws ShapeException if the rule is broken
   */
  public static void that(boolean holds, String op, String rule, Tensor... operands) {
    if (!holds) {
      String all =
          Arrays.stream(operands).map(Tensor::describe).collect(Collectors.joining(" and "));
      throw new ShapeException(op + ": " + all + (all.isEmpty() ? "" : " ") + rule);
    }
  }

  /**
   * Fails unless both operands have one type.
   *
   * @param op name of the operation
   * @param a one operand
   * @param b the other
   */
  public static void sameType(String op, Tensor a, Tensor b) {
    that(a.dtype() == b.dtype(), op, "differ in type; cast one", a, b);
  }

  /**
   * Fails unless both operands have one type and one shape.
   *
   * @param op name of the operation
   * @param a one operand
   * @param b the other
   */
  public static void sameShape(String op, Tensor a, Tensor b) {
    sameType(op, a, b);
    that(a.shape().equals(b.shape()), op, "need equal shapes", a, b);
  }

  /**
   * Fails unless the operand has a number of axes.
   *
   * @param op name of the operation
   * @param rank how many axes it needs
   * @param x the operand
   */
  public static void rank(String op, int rank, Tensor x) {
    that(x.rank() == rank, op, "needs rank " + rank + ", not " + x.rank(), x);
  }

  /**
   * Fails unless kernels compute in the operand's type.
   *
   * @param op name of the operation
   * @param x the operand
   */
  public static void arithmetic(String op, Tensor x) {
    that(x.dtype().isArithmetic(), op, "needs F32 or F64; cast it", x);
  }

  /**
   * Fails unless every index is inside an axis.
   *
   * @param op name of the operation
   * @param index I32 indices
   * @param bound size of the axis they point into
   * @param into the tensor they point into, for the message
   */
  public static void indices(String op, Tensor index, int bound, Tensor into) {
    that(index.dtype() == DType.I32, op, "needs I32 indices; cast them", index);
    int[] all = index.toInts();
    for (int i = 0; i < all.length; i++) {
      if (all[i] < 0 || all[i] >= bound) {
        throw new ShapeException(
            op
                + ": index "
                + all[i]
                + " at place "
                + i
                + " of "
                + index.describe()
                + " is not in [0, "
                + bound
                + ") of "
                + into.describe());
      }
    }
  }
}
