package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.asRows;
import static dev.bulwark.autograd.op.Operands.error;
import static dev.bulwark.autograd.op.Operands.unbroadcast;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import dev.bulwark.tensor.backend.Reduce;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Matrix products. */
public final class Matmul {
  private Matmul() {}

  /**
   * Matrix product of the last two axes; leading axes are batched and broadcast.
   *
   * @param a [..., M, K]
   * @param b [..., K, N]
   * @return [..., M, N]
   */
  public static Variable matmul(Variable a, Variable b) {
    if (a.shape().rank() < 2 || b.shape().rank() < 2) {
      throw error("matmul", "needs two matrices; unsqueeze a vector", "a", a, "b", b);
    }
    Operands.needFloating("matmul", a);
    Operands.needSameType("matmul", a, b);
    if (a.dim(-1) != b.dim(-2)) {
      String hint = a.dim(-1) == b.dim(-1) ? "; did you mean b transposed?" : "";
      throw error(
          "matmul",
          "inner sizes " + a.dim(-1) + " and " + b.dim(-2) + " differ" + hint,
          "a",
          a,
          "b",
          b);
    }
    if (a.shape().rank() > 2 && b.shape().rank() == 2) { // one large product instead of a batch
      int[] dims = a.shape().with(-1, b.dim(-1)).dims();
      Variable rows = Views.reshape(a, Operands.rows(a.value()), a.dim(-1));
      return Views.reshape(matmul(rows, b), dims);
    }
    Tensor y = a.value().matmul(b.value());
    return Node.of(
        "matmul",
        y,
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> unbroadcast(dy.matmul(b.value().transpose(-2, -1)), a.shape()));
          to.add(1, () -> unbroadcast(a.value().transpose(-2, -1).matmul(dy), b.shape()));
        });
  }

  /**
   * x wᵀ + bias, the layer.
   *
   * @param x [..., K]
   * @param w [N, K]
   * @param bias [N], or null for none
   * @return [..., N]
   */
  public static Variable linear(Variable x, Variable w, @Nullable Variable bias) {
    Operands.needFloating("linear", x);
    Operands.needSameType("linear", x, w);
    if (x.shape().rank() < 1 || w.shape().rank() != 2 || x.dim(-1) != w.dim(1)) {
      boolean swapped = w.shape().rank() == 2 && x.shape().rank() > 0 && x.dim(-1) == w.dim(0);
      throw error(
          "linear",
          "w must be [N, K] with K the last size of x"
              + (swapped ? "; did you mean w transposed?" : ""),
          "x",
          x,
          "w",
          w);
    }
    if (bias != null) {
      Operands.needSameType("linear", x, bias);
      Operands.needShape("linear", "bias", bias.value(), Shape.of(w.dim(0)));
    }
    Tensor rows = asRows(x.value()); // [R, K]
    Tensor y = Operands.emptyLike(rows, Shape.of(rows.dim(0), w.dim(0)));
    y.kernels().linear(rows, w.value(), bias == null ? null : bias.value(), y);
    return Node.of(
        "linear",
        y.reshape(x.shape().with(-1, w.dim(0)).dims()),
        bias == null ? List.of(x, w) : List.of(x, w, bias),
        List.of(rows),
        (dy, to) -> {
          Tensor d = asRows(dy); // [R, N]
          to.add(0, () -> d.matmul(w.value()).reshape(x.shape().dims()));
          to.add(1, () -> d.transpose(0, 1).matmul(rows));
          if (bias != null) {
            to.add(2, () -> d.reduce(Reduce.SUM, 0).reshape(d.dim(1)));
          }
        });
  }

  /**
   * Sum of products named by labels, for example "bhqd,bhkd->bhqk", see {@link Tensors#einsum}.
   *
   * @param formula labels (letters) of both operands and of the result
   * @param a first operand, no label twice
   * @param b second operand, no label twice
   * @return the sums; labels absent from the result are summed over
   */
  public static Variable einsum(String formula, Variable a, Variable b) {
    Operands.needFloating("einsum", a);
    Operands.needSameType("einsum", a, b);
    Tensor y = Tensors.einsum(formula, a.value(), b.value());
    String[] labels = formula.replace(" ", "").split(",|->", -1); // of a, b and the result
    return Node.of(
        "einsum",
        y,
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> einsumGrad(dy, labels[2], b.value(), labels[1], a.shape(), labels[0]));
          to.add(1, () -> einsumGrad(dy, labels[2], a.value(), labels[0], b.shape(), labels[1]));
        });
  }

  /** The product of dy and the other operand; labels that only this operand has are stretched. */
  private static Tensor einsumGrad(
      Tensor dy, String result, Tensor other, String others, Shape shape, String mine) {
    StringBuilder shared = new StringBuilder();
    int[] dims = shape.dims();
    for (int i = 0; i < dims.length; i++) {
      if ((result + others).indexOf(mine.charAt(i)) >= 0) {
        shared.append(mine.charAt(i));
      } else {
        dims[i] = 1;
      }
    }
    return Tensors.einsum(result + "," + others + "->" + shared, dy, other)
        .reshape(dims)
        .expand(shape);
  }
}
