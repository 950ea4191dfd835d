package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Unary;

/** Functions of one and two arguments, and choice, on operands of one shape with any strides. */
final class Elementwise {
  private static final Kernel UNARY = Program.ELEMENTWISE.kernel("bk_unary");
  private static final Kernel UNARY_GRAD = Program.ELEMENTWISE.kernel("bk_unary_grad");
  private static final Kernel BINARY = Program.ELEMENTWISE.kernel("bk_binary");
  private static final Kernel COMPARE = Program.ELEMENTWISE.kernel("bk_compare");
  private static final Kernel COMPARE_INT = Program.ELEMENTWISE.kernel("bk_compare_int");
  private static final Kernel AFFINE = Program.ELEMENTWISE.kernel("bk_affine");
  private static final Kernel ADD_SCALED = Program.ELEMENTWISE.kernel("bk_add_scaled");
  private static final Kernel SELECT = Program.ELEMENTWISE.kernel("bk_select");

  private final Work work;

  Elementwise(Work work) {
    this.work = work;
  }

  void unary(Unary op, Tensor x, Tensor y) {
    Operands.requireF32(op.toString(), x, y);
    View.each(
        v ->
            work.launch(
                UNARY,
                Grid.over(v.size()),
                Codes.of(op),
                x,
                v.of(0),
                y,
                v.of(1),
                v.dims(),
                v.size()),
        x,
        y);
  }

  void unaryGrad(Unary op, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    Operands.requireF32(op.toString(), x, y, dy, dx);
    View.each(
        v ->
            work.launch(
                UNARY_GRAD,
                Grid.over(v.size()),
                Codes.of(op),
                x,
                v.of(0),
                y,
                v.of(1),
                dy,
                v.of(2),
                dx,
                v.of(3),
                v.dims(),
                v.size()),
        x,
        y,
        dy,
        dx);
  }

  void binary(Binary op, Tensor a, Tensor b, Tensor y) {
    Kernel kernel = BINARY;
    if (!op.isComparison()) {
      Operands.requireF32(op.toString(), a, b, y);
    } else if (a.dtype() == DType.I32 && b.dtype() == DType.I32) {
      kernel = COMPARE_INT;
    } else {
      Operands.requireF32(op.toString(), a, b);
      kernel = COMPARE;
    }
    Kernel chosen = kernel;
    View.each(
        v ->
            work.launch(
                chosen,
                Grid.over(v.size()),
                Codes.of(op),
                a,
                v.of(0),
                b,
                v.of(1),
                y,
                v.of(2),
                v.dims(),
                v.size()),
        a,
        b,
        y);
  }

  void affine(Tensor x, double factor, double summand, Tensor y) {
    Operands.requireF32("affine", x, y);
    View.each(
        v ->
            work.launch(
                AFFINE,
                Grid.over(v.size()),
                x,
                v.of(0),
                (float) factor,
                (float) summand,
                y,
                v.of(1),
                v.dims(),
                v.size()),
        x,
        y);
  }

  void addScaled(Tensor x, double factor, Tensor y) {
    Operands.requireF32("addScaled", x, y);
    View.each(
        v ->
            work.launch(
                ADD_SCALED,
                Grid.over(v.size()),
                x,
                v.of(0),
                (float) factor,
                y,
                v.of(1),
                v.dims(),
                v.size()),
        x,
        y);
  }

  void select(Tensor condition, Tensor a, Tensor b, Tensor y) {
    Operands.requireWidth("select", 1, condition);
    Operands.requireWidth("select", 4, a, b, y);
    View.each(
        v ->
            work.launch(
                SELECT,
                Grid.over(v.size()),
                condition,
                v.of(0),
                a,
                v.of(1),
                b,
                v.of(2),
                y,
                v.of(3),
                v.dims(),
                v.size()),
        condition,
        a,
        b,
        y);
  }
}
