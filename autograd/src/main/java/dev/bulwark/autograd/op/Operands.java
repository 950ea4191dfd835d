package dev.bulwark.autograd.op;

import dev.bulwark.autograd.ModulePath;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Reduce;
import java.util.Arrays;

/** What all ops need: checks with one form of message, and broadcasting undone in one place. */
final class Operands {
  private Operands() {}

  /**
   * An error about operands.
   *
   * @param op name of the op
   * @param rule what is wrong, with a hint
   * @param operands the operands, named by role: "x", x, "w", w
   */
  static ShapeException error(String op, String rule, Object... operands) {
    StringBuilder s = new StringBuilder(op).append(":");
    for (int i = 0; i < operands.length; i += 2) {
      Object o = operands[i + 1];
      Tensor t = o instanceof Variable v ? v.value() : (Tensor) o;
      s.append(i == 0 ? " " : ", ").append(operands[i]).append(' ').append(t.describe());
    }
    return new ShapeException(s.append(": ").append(rule).append(ModulePath.suffix()).toString());
  }

  static void needSameType(String op, Variable a, Variable b) {
    if (a.value().dtype() != b.value().dtype()) {
      throw error(op, "the types differ; cast one", "a", a, "b", b);
    }
  }

  static void needFloating(String op, Variable x) {
    if (!x.value().dtype().isArithmetic()) {
      throw error(op, "needs F32 or F64; cast it", "x", x);
    }
  }

  static void needType(String op, String role, Tensor t, DType type) {
    if (t.dtype() != type) {
      throw error(op, role + " must be " + type, role, t);
    }
  }

  static void needShape(String op, String role, Tensor t, Shape shape) {
    if (!t.shape().equals(shape)) {
      throw error(op, role + " must have shape " + shape, role, t);
    }
  }

  /** A number of the same type and place, of shape []. */
  static Tensor scalar(Tensor like, double value) {
    return filled(like, Shape.of(), value);
  }

  static Tensor filled(Tensor like, Shape shape, double value) {
    Tensor t = Tensor.empty(shape, like.dtype(), like.backend());
    t.kernels().fill(t, value);
    return t;
  }

  static Tensor emptyLike(Tensor like) {
    return emptyLike(like, like.shape());
  }

  static Tensor emptyLike(Tensor like, Shape shape) {
    return Tensor.empty(shape, like.dtype(), like.backend());
  }

  /** condition ? a : b, all broadcast to a shape. */
  static Tensor select(Tensor condition, Tensor a, Tensor b, Shape shape) {
    Tensor y = emptyLike(a, shape);
    y.kernels().select(condition.expand(shape), a.expand(shape), b.expand(shape), y);
    return y;
  }

  /** Undoes broadcasting: sums a gradient over every axis along which an operand was stretched. */
  static Tensor unbroadcast(Tensor dy, Shape operand) {
    if (dy.shape().equals(operand)) {
      return dy;
    }
    int added = dy.rank() - operand.rank();
    int[] axes = new int[dy.rank()];
    int n = 0;
    for (int i = 0; i < dy.rank(); i++) {
      if (i < added || operand.dim(i - added) != dy.dim(i)) {
        axes[n++] = i;
      }
    }
    Tensor sum = n == 0 ? dy : dy.reduce(Reduce.SUM, Arrays.copyOf(axes, n));
    return sum.reshape(operand.dims());
  }

  /** Number of rows when all but the last axis are laid out as one. */
  static int rows(Tensor x) {
    int rows = 1;
    for (int i = 0; i < x.rank() - 1; i++) {
      rows *= x.dim(i);
    }
    return rows;
  }

  /** All but the last axis laid out as one: [..., H] as [R, H], contiguous. */
  static Tensor asRows(Tensor x) {
    return x.reshape(rows(x), x.dim(-1));
  }

  /** Axis numbers counted from the front, each once; all axes if none is given. */
  static int[] axes(Shape shape, int... axes) {
    if (axes.length == 0) {
      int[] all = new int[shape.rank()];
      Arrays.setAll(all, i -> i);
      return all;
    }
    return Arrays.stream(axes).map(shape::axis).distinct().sorted().toArray();
  }

  /** How many elements are reduced into one. */
  static int count(Shape shape, int... axes) {
    int n = 1;
    for (int a : axes(shape, axes)) {
      n *= shape.dim(a);
    }
    return n;
  }

  /** The shape with these axes of size 1. */
  static Shape kept(Shape shape, int... axes) {
    int[] d = shape.dims();
    for (int a : axes(shape, axes)) {
      d[a] = 1;
    }
    return Shape.of(d);
  }

  /** The shape without these axes. */
  static Shape dropped(Shape shape, int... axes) {
    int[] gone = axes(shape, axes);
    int[] d = new int[shape.rank() - gone.length];
    int n = 0;
    for (int i = 0; i < shape.rank(); i++) {
      if (Arrays.binarySearch(gone, i) < 0) {
        d[n++] = shape.dim(i);
      }
    }
    return Shape.of(d);
  }
}
