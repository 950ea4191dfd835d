package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.emptyLike;
import static dev.bulwark.autograd.op.Operands.scalar;
import static dev.bulwark.autograd.op.Operands.select;
import static dev.bulwark.autograd.op.Operands.unbroadcast;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Unary;
import java.util.List;

/**
 * Functions applied to each element. Two operands broadcast: axes are aligned at the end, and an
 * axis of size 1 stretches. Values and slopes of one-argument functions are those of {@link Unary}.
 */
public final class Elementwise {
  private Elementwise() {}

  // ---- two operands

  /** a + b. */
  public static Variable add(Variable a, Variable b) {
    Tensor y = with(Binary.ADD, "add", a, b);
    return Node.of(
        "add",
        y,
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> unbroadcast(dy, a.shape()));
          to.add(1, () -> unbroadcast(dy, b.shape()));
        });
  }

  /** a - b. */
  public static Variable sub(Variable a, Variable b) {
    Tensor y = with(Binary.SUB, "sub", a, b);
    return Node.of(
        "sub",
        y,
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> unbroadcast(dy, a.shape()));
          to.add(1, () -> unbroadcast(dy, b.shape()).times(-1));
        });
  }

  /** a b. */
  public static Variable mul(Variable a, Variable b) {
    Tensor y = with(Binary.MUL, "mul", a, b);
    return Node.of(
        "mul",
        y,
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> unbroadcast(dy.times(b.value()), a.shape()));
          to.add(1, () -> unbroadcast(dy.times(a.value()), b.shape()));
        });
  }

  /** a / b. */
  public static Variable div(Variable a, Variable b) {
    Tensor y = with(Binary.DIV, "div", a, b);
    return Node.of(
        "div",
        y,
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> unbroadcast(dy.div(b.value()), a.shape()));
          to.add(1, () -> unbroadcast(dy.times(y).div(b.value()).times(-1), b.shape()));
        });
  }

  /** The larger of both; equal elements share the gradient evenly. */
  public static Variable maximum(Variable a, Variable b) {
    return extreme(Binary.MAX, "maximum", a, b);
  }

  /** The smaller of both; equal elements share the gradient evenly. */
  public static Variable minimum(Variable a, Variable b) {
    return extreme(Binary.MIN, "minimum", a, b);
  }

  private static Variable extreme(Binary op, String name, Variable a, Variable b) {
    Tensor y = with(op, name, a, b);
    return Node.of(
        name,
        y,
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> unbroadcast(share(dy, y, a.value(), b.value()), a.shape()));
          to.add(1, () -> unbroadcast(share(dy, y, b.value(), a.value()), b.shape()));
        });
  }

  /** What of dy goes to the operand that made y: all, half of it if the other one did too, or 0. */
  private static Tensor share(Tensor dy, Tensor y, Tensor mine, Tensor other) {
    Tensor tied = select(other.with(Binary.EQ, y), dy.times(0.5), dy, dy.shape());
    return select(mine.with(Binary.EQ, y), tied, scalar(dy, 0), dy.shape());
  }

  private static Tensor with(Binary op, String name, Variable a, Variable b) {
    Operands.needFloating(name, a);
    Operands.needSameType(name, a, b);
    a.shape().broadcastWith(b.shape(), name);
    return a.value().with(op, b.value());
  }

  /**
   * condition ? a : b, all three broadcast.
   *
   * @param condition U8; anything but 0 is true
   * @param a taken where the condition holds
   * @param b taken elsewhere
   * @return the mixture; a gradient goes only where its element came from
   */
  public static Variable where(Tensor condition, Variable a, Variable b) {
    Operands.needFloating("where", a);
    Operands.needSameType("where", a, b);
    Operands.needType("where", "condition", condition, DType.U8);
    Shape shape =
        a.shape().broadcastWith(b.shape(), "where").broadcastWith(condition.shape(), "where");
    Tensor y = select(condition, a.value(), b.value(), shape);
    return Node.of(
        "where",
        y,
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> unbroadcast(select(condition, dy, scalar(dy, 0), shape), a.shape()));
          to.add(1, () -> unbroadcast(select(condition, scalar(dy, 0), dy, shape), b.shape()));
        });
  }

  /**
   * x with a number in some places.
   *
   * @param x any shape
   * @param mask U8, broadcasts with x; anything but 0 is filled
   * @param fill the number, often minus infinity
   * @return the filled tensor; filled places pass no gradient
   */
  public static Variable maskedFill(Variable x, Tensor mask, double fill) {
    return where(mask, Variable.constant(scalar(x.value(), fill)).named("fill"), x);
  }

  // ---- one operand and numbers

  /** factor x + summand. */
  public static Variable affine(Variable x, double factor, double summand) {
    Operands.needFloating("affine", x);
    return Node.of(
        "affine",
        x.value().affine(factor, summand),
        List.of(x),
        (dy, to) -> to.add(0, () -> dy.times(factor)));
  }

  /** x to a constant power; the slope at 0 is 0 for the power 0. */
  public static Variable pow(Variable x, double power) {
    Operands.needFloating("pow", x);
    Tensor y = x.value().with(Binary.POW, scalar(x.value(), power));
    return Node.of(
        "pow",
        y,
        List.of(x),
        (dy, to) ->
            to.add(
                0,
                () ->
                    power == 0
                        ? dy.times(0)
                        : x.value()
                            .with(Binary.POW, scalar(dy, power - 1))
                            .times(power)
                            .times(dy)));
  }

  /**
   * x brought into a range.
   *
   * @param x any shape
   * @param low smallest value
   * @param high largest value, at least low
   * @return the clamped tensor; elements on or inside the bounds pass their gradient
   */
  public static Variable clamp(Variable x, double low, double high) {
    Operands.needFloating("clamp", x);
    if (!(low <= high)) {
      throw new IllegalArgumentException("clamp: the range [" + low + ", " + high + "] is empty");
    }
    Tensor y =
        x.value()
            .with(Binary.MAX, scalar(x.value(), low))
            .with(Binary.MIN, scalar(x.value(), high));
    return Node.of(
        "clamp",
        y,
        List.of(x),
        (dy, to) ->
            to.add(0, () -> select(y.with(Binary.EQ, x.value()), dy, scalar(dy, 0), dy.shape())));
  }

  // ---- one operand

  /** -x. */
  public static Variable neg(Variable x) {
    return unary(Unary.NEG, "neg", x);
  }

  /** Absolute value; slope 0 at 0. */
  public static Variable abs(Variable x) {
    return unary(Unary.ABS, "abs", x);
  }

  /** x squared. */
  public static Variable square(Variable x) {
    return unary(Unary.SQUARE, "square", x);
  }

  /** Square root. */
  public static Variable sqrt(Variable x) {
    return unary(Unary.SQRT, "sqrt", x);
  }

  /** 1 / x. */
  public static Variable reciprocal(Variable x) {
    return unary(Unary.RECIPROCAL, "reciprocal", x);
  }

  /** e to the x. */
  public static Variable exp(Variable x) {
    return unary(Unary.EXP, "exp", x);
  }

  /** Natural logarithm. */
  public static Variable log(Variable x) {
    return unary(Unary.LOG, "log", x);
  }

  /** Hyperbolic tangent. */
  public static Variable tanh(Variable x) {
    return unary(Unary.TANH, "tanh", x);
  }

  /** 1 / (1 + e^-x). */
  public static Variable sigmoid(Variable x) {
    return unary(Unary.SIGMOID, "sigmoid", x);
  }

  /** log(1 + e^x), without overflow. */
  public static Variable softplus(Variable x) {
    return unary(Unary.SOFTPLUS, "softplus", x);
  }

  /** max(x, 0); slope 0 at 0. */
  public static Variable relu(Variable x) {
    return unary(Unary.RELU, "relu", x);
  }

  /** Error function. */
  public static Variable erf(Variable x) {
    return unary(Unary.ERF, "erf", x);
  }

  /** x times the normal distribution function of x, by the error function. */
  public static Variable gelu(Variable x) {
    return unary(Unary.GELU, "gelu", x);
  }

  /** GELU by its tanh approximation. */
  public static Variable geluTanh(Variable x) {
    return unary(Unary.GELU_TANH, "geluTanh", x);
  }

  /** x times sigmoid(x). */
  public static Variable silu(Variable x) {
    return unary(Unary.SILU, "silu", x);
  }

  /** Sine. */
  public static Variable sin(Variable x) {
    return unary(Unary.SIN, "sin", x);
  }

  /** Cosine. */
  public static Variable cos(Variable x) {
    return unary(Unary.COS, "cos", x);
  }

  private static Variable unary(Unary op, String name, Variable x) {
    Operands.needFloating(name, x);
    Tensor y = x.value().map(op);
    return Node.of(
        name,
        y,
        List.of(x),
        (dy, to) ->
            to.add(
                0,
                () -> {
                  Tensor dx = emptyLike(dy);
                  dx.kernels().unaryGrad(op, x.value(), y, dy, dx);
                  return dx;
                }));
  }
}
