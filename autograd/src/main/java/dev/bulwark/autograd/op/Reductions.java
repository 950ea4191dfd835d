package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.scalar;
import static dev.bulwark.autograd.op.Operands.select;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.Arrays;
import java.util.List;

/**
 * Many elements into one. Axes are numbers that may count from the end when negative; none given
 * means all. Reduced axes disappear, but for the methods that say they keep them with size 1.
 */
public final class Reductions {
  private Reductions() {}

  /** Sum over axes, which disappear. */
  public static Variable sum(Variable x, int... axes) {
    return drop(sumKeeping(x, axes), x, axes);
  }

  /** Sum over axes, which stay with size 1. */
  public static Variable sumKeeping(Variable x, int... axes) {
    Operands.needFloating("sum", x);
    Tensor y = x.value().reduce(Reduce.SUM, Operands.axes(x.shape(), axes));
    return Node.of("sum", y, List.of(x), (dy, to) -> to.add(0, () -> dy.expand(x.shape())));
  }

  /** Mean over axes, which disappear; NaN over no elements. */
  public static Variable mean(Variable x, int... axes) {
    return drop(meanKeeping(x, axes), x, axes);
  }

  /** Mean over axes, which stay with size 1; NaN over no elements. */
  public static Variable meanKeeping(Variable x, int... axes) {
    return sumKeeping(x, axes).times(1.0 / Operands.count(x.shape(), axes));
  }

  /** Largest element over axes, which disappear; equal ones share the gradient evenly. */
  public static Variable max(Variable x, int... axes) {
    return extreme(Reduce.MAX, "max", x, axes);
  }

  /** Smallest element over axes, which disappear; equal ones share the gradient evenly. */
  public static Variable min(Variable x, int... axes) {
    return extreme(Reduce.MIN, "min", x, axes);
  }

  private static Variable extreme(Reduce op, String name, Variable x, int... axes) {
    Operands.needFloating(name, x);
    int[] over = Operands.axes(x.shape(), axes);
    Tensor y = x.value().reduce(op, over);
    Variable kept =
        Node.of(
            name,
            y,
            List.of(x),
            (dy, to) ->
                to.add(
                    0,
                    () -> {
                      Tensor chosen = x.value().with(Binary.EQ, y).cast(dy.dtype());
                      return chosen.times(dy.div(chosen.reduce(Reduce.SUM, over)));
                    }));
    return drop(kept, x, axes);
  }

  /**
   * log(sum(exp(x))) along an axis, without overflow.
   *
   * @param x any shape
   * @param axis the axis, which disappears; negative counts from the end
   * @return the sums; minus infinity where all elements are
   */
  public static Variable logSumExp(Variable x, int axis) {
    Operands.needFloating("logSumExp", x);
    Tensor top = finite(x.value().reduce(Reduce.MAX, axis));
    Tensor y =
        x.value().minus(top).map(Unary.EXP).reduce(Reduce.SUM, axis).map(Unary.LOG).plus(top);
    Variable kept =
        Node.of(
            "logSumExp",
            y,
            List.of(x),
            (dy, to) -> to.add(0, () -> x.value().minus(finite(y)).map(Unary.EXP).times(dy)));
    return drop(kept, x, axis);
  }

  /** Infinities brought to the largest numbers, so that subtracting them makes no NaN. */
  private static Tensor finite(Tensor t) {
    double most = t.dtype() == DType.F64 ? Double.MAX_VALUE : Float.MAX_VALUE;
    return t.with(Binary.MAX, scalar(t, -most)).with(Binary.MIN, scalar(t, most));
  }

  /** Euclidean norm over axes, which disappear; the gradient of a zero norm is 0. */
  public static Variable l2Norm(Variable x, int... axes) {
    Operands.needFloating("l2Norm", x);
    int[] over = Operands.axes(x.shape(), axes);
    Tensor y = x.value().map(Unary.SQUARE).reduce(Reduce.SUM, over).map(Unary.SQRT);
    Variable kept =
        Node.of(
            "l2Norm",
            y,
            List.of(x),
            (dy, to) ->
                to.add(
                    0,
                    () -> {
                      Tensor zero = scalar(dy, 0);
                      Tensor factor = select(y.with(Binary.EQ, zero), zero, dy.div(y), y.shape());
                      return x.value().times(factor);
                    }));
    return drop(kept, x, axes);
  }

  /**
   * Variance over axes.
   *
   * @param x any shape
   * @param correction what is taken off the count before dividing: 0 biased, 1 unbiased
   * @param axes the axes, which disappear
   * @return mean squared distance from the mean
   */
  public static Variable variance(Variable x, int correction, int... axes) {
    int count = Operands.count(x.shape(), axes);
    Variable centred = x.minus(meanKeeping(x, axes));
    return sum(Elementwise.square(centred), axes).times(1.0 / (count - correction));
  }

  /**
   * Running sum along an axis.
   *
   * @param x any shape
   * @param axis the axis; negative counts from the end
   * @return element i is the sum of the elements up to i
   */
  public static Variable cumulativeSum(Variable x, int axis) {
    Operands.needFloating("cumulativeSum", x);
    int a = x.shape().axis(axis);
    return Node.of(
        "cumulativeSum",
        runningSum(x.value(), a),
        List.of(x),
        // each element took part in all later sums: run backwards
        (dy, to) -> to.add(0, () -> reversed(runningSum(reversed(dy, a), a), a)));
  }

  private static Tensor runningSum(Tensor x, int axis) {
    Tensor y = Operands.emptyLike(x);
    y.kernels().cumulativeSum(x, axis, y);
    return y;
  }

  private static Tensor reversed(Tensor x, int axis) {
    int n = x.dim(axis);
    int[] order = new int[n];
    Arrays.setAll(order, i -> n - 1 - i);
    int[] along = new int[x.rank()];
    Arrays.fill(along, 1);
    along[axis] = n;
    Tensor index = Tensor.of(Shape.of(along), order).to(x.backend()).expand(x.shape());
    Tensor y = Operands.emptyLike(x);
    y.kernels().gather(x, axis, index, y);
    return y;
  }

  private static Variable drop(Variable kept, Variable x, int... axes) {
    return Views.reshape(kept, Operands.dropped(x.shape(), axes).dims());
  }
}
