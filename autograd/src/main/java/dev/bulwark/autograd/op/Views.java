package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.error;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The same elements seen in another way, and elements joined. Most copy nothing. */
public final class Views {
  private Views() {}

  /**
   * The same elements in another shape; a copy only if x is not contiguous.
   *
   * @param x any shape
   * @param dims new sizes; one may be -1 and is computed
   * @return the reshaped tensor
   */
  public static Variable reshape(Variable x, int... dims) {
    return Node.of(
        "reshape",
        x.value().reshape(dims),
        List.of(x),
        (dy, to) -> to.add(0, () -> dy.reshape(x.shape().dims())));
  }

  /**
   * Two axes swapped.
   *
   * @param x any shape
   * @param a one axis; negative counts from the end
   * @param b the other
   * @return a view
   */
  public static Variable transpose(Variable x, int a, int b) {
    return Node.of(
        "transpose",
        x.value().transpose(a, b),
        List.of(x),
        (dy, to) -> to.add(0, () -> dy.transpose(a, b)));
  }

  /**
   * Axes reordered.
   *
   * @param x any shape
   * @param order a permutation of all axes; axis i of the result is axis order[i] of x
   * @return a view
   */
  public static Variable permute(Variable x, int... order) {
    Tensor y = x.value().permute(order);
    int[] back = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      back[x.shape().axis(order[i])] = i;
    }
    return Node.of("permute", y, List.of(x), (dy, to) -> to.add(0, () -> dy.permute(back)));
  }

  /**
   * A range of one axis.
   *
   * @param x any shape
   * @param axis axis number; negative counts from the end
   * @param from first index
   * @param end index after the last
   * @return a view
   */
  public static Variable slice(Variable x, int axis, int from, int end) {
    Tensor y = x.value().slice(axis, from, end);
    return Node.of(
        "slice",
        y,
        List.of(x),
        (dy, to) ->
            to.accumulate(0, dx -> dx.kernels().addScaled(dy, 1, dx.slice(axis, from, end))));
  }

  /**
   * One index of one axis, which disappears.
   *
   * @param x any shape
   * @param axis axis number; negative counts from the end
   * @param index the index
   * @return a view of one rank less
   */
  public static Variable select(Variable x, int axis, int index) {
    return squeeze(slice(x, axis, index, index + 1), axis);
  }

  /**
   * Removes an axis of size 1.
   *
   * @param x any shape
   * @param axis axis number; negative counts from the end
   * @return a view of one rank less
   */
  public static Variable squeeze(Variable x, int axis) {
    Tensor y = x.value().squeeze(axis);
    int a = x.shape().axis(axis);
    return Node.of("squeeze", y, List.of(x), (dy, to) -> to.add(0, () -> dy.unsqueeze(a)));
  }

  /**
   * Inserts an axis of size 1.
   *
   * @param x any shape
   * @param axis its place in the result; negative counts from the result's end
   * @return a view of one rank more
   */
  public static Variable unsqueeze(Variable x, int axis) {
    return Node.of(
        "unsqueeze",
        x.value().unsqueeze(axis),
        List.of(x),
        (dy, to) -> to.add(0, () -> dy.squeeze(axis)));
  }

  /**
   * Stretches axes of size 1 and adds leading axes, without a copy.
   *
   * @param x any shape
   * @param shape the shape to have
   * @return a view
   */
  public static Variable expand(Variable x, Shape shape) {
    return Node.of(
        "expand",
        x.value().expand(shape),
        List.of(x),
        (dy, to) -> to.add(0, () -> Operands.unbroadcast(dy, x.shape())));
  }

  /**
   * Tensors laid end to end along an axis.
   *
   * @param xs at least one; of one type, with equal sizes but along the axis
   * @param axis axis number; negative counts from the end
   * @return the joined tensor
   */
  public static Variable concat(List<Variable> xs, int axis) {
    if (xs.isEmpty()) {
      throw new IllegalArgumentException("concat: there is nothing to join");
    }
    Tensor first = xs.getFirst().value();
    int a = first.shape().axis(axis);
    int[] starts = new int[xs.size() + 1];
    for (int i = 0; i < xs.size(); i++) {
      Variable x = xs.get(i);
      if (x.shape().rank() != first.rank()
          || x.value().dtype() != first.dtype()
          || !x.shape().with(a, first.dim(a)).equals(first.shape())) {
        throw error(
            "concat",
            "type and sizes may differ along axis " + axis + " only",
            "x0",
            first,
            "x" + i,
            x);
      }
      starts[i + 1] = starts[i] + x.dim(a);
    }
    Tensor y = Operands.emptyLike(first, first.shape().with(a, starts[xs.size()]));
    for (int i = 0; i < xs.size(); i++) {
      y.kernels().copy(xs.get(i).value(), y.slice(a, starts[i], starts[i + 1]));
    }
    return Node.of(
        "concat",
        y,
        xs,
        (dy, to) -> {
          for (int i = 0; i + 1 < starts.length; i++) {
            int from = starts[i];
            int end = starts[i + 1];
            to.add(i, () -> dy.slice(a, from, end));
          }
        });
  }

  /**
   * Tensors of one shape side by side along a new axis.
   *
   * @param xs at least one, of one shape and type
   * @param axis place of the new axis in the result; negative counts from the result's end
   * @return the stacked tensor, of one rank more
   */
  public static Variable stack(List<Variable> xs, int axis) {
    List<Variable> wide = new ArrayList<>(xs.size());
    for (Variable x : xs) {
      if (!x.shape().equals(xs.getFirst().shape())) {
        throw error("stack", "the shapes must be equal", "x0", xs.getFirst(), "x", x);
      }
      wide.add(unsqueeze(x, axis));
    }
    return concat(wide, axis);
  }

  /**
   * An axis cut into parts.
   *
   * @param x any shape
   * @param axis axis number; negative counts from the end
   * @param sizes sizes of the parts, which add up to the axis
   * @return one view per part
   */
  public static List<Variable> split(Variable x, int axis, int... sizes) {
    List<Variable> parts = new ArrayList<>(sizes.length);
    int from = 0;
    for (int size : sizes) {
      from += size;
    }
    if (from != x.dim(axis)) {
      throw error(
          "split",
          "parts of " + from + " in all do not fill axis " + axis + " of " + x.dim(axis),
          "x",
          x);
    }
    from = 0;
    for (int size : sizes) {
      parts.add(slice(x, axis, from, from + size));
      from += size;
    }
    return parts;
  }

  /**
   * A number put before and after along an axis.
   *
   * @param x any shape
   * @param axis axis number; negative counts from the end
   * @param before how many to put before, 0 or more
   * @param after how many to put after, 0 or more
   * @param fill the number
   * @return the longer tensor
   */
  public static Variable pad(Variable x, int axis, int before, int after, double fill) {
    if (before < 0 || after < 0) {
      throw error("pad", "cannot put " + before + " before and " + after + " after", "x", x);
    }
    int size = x.dim(axis);
    Tensor y = Operands.filled(x.value(), x.shape().with(axis, before + size + after), fill);
    y.kernels().copy(x.value(), y.slice(axis, before, before + size));
    return Node.of(
        "pad", y, List.of(x), (dy, to) -> to.add(0, () -> dy.slice(axis, before, before + size)));
  }
}
