package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.asRows;
import static dev.bulwark.autograd.op.Operands.emptyLike;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Sink;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;

/** Rows brought to a common scale. */
public final class Normalisation {
  private Normalisation() {}

  /**
   * Layer normalisation of the last axis (Ba et al. 2016): (x - mean) / sqrt(variance + epsilon)
   * times gain plus bias, with the biased variance.
   *
   * @param x [..., H]
   * @param gain [H]
   * @param bias [H]
   * @param epsilon added to the variance
   * @return [..., H]
   */
  public static Variable layerNorm(Variable x, Variable gain, Variable bias, double epsilon) {
    Operands.needFloating("layerNorm", x);
    Operands.needSameType("layerNorm", x, gain);
    Operands.needSameType("layerNorm", x, bias);
    Shape last = Shape.of(x.dim(-1));
    Operands.needShape("layerNorm", "gain", gain.value(), last);
    Operands.needShape("layerNorm", "bias", bias.value(), last);
    Tensor rows = asRows(x.value()); // [R, H]
    Tensor y = emptyLike(rows);
    Tensor mean = emptyLike(rows, Shape.of(rows.dim(0)));
    Tensor rstd = emptyLike(rows, Shape.of(rows.dim(0)));
    y.kernels().layerNorm(rows, gain.value(), bias.value(), epsilon, y, mean, rstd);
    return Node.of(
        "layerNorm",
        y.reshape(x.shape().dims()),
        List.of(x, gain, bias),
        List.of(rows, mean, rstd),
        (dy, to) -> layerNormGrad(asRows(dy), rows, x, gain, bias, mean, rstd, to));
  }

  private static void layerNormGrad(
      Tensor dy,
      Tensor rows,
      Variable x,
      Variable gain,
      Variable bias,
      Tensor mean,
      Tensor rstd,
      Sink to) {
    Tensor dx = emptyLike(rows);
    Tensor dGain = emptyLike(gain.value());
    Tensor dBias = emptyLike(bias.value());
    dy.kernels()
        .layerNormGrad(
            dy,
            rows,
            gain.value(),
            mean,
            rstd,
            x.needsGradient() ? dx : null,
            gain.needsGradient() ? dGain : null,
            bias.needsGradient() ? dBias : null);
    to.add(0, () -> dx.reshape(x.shape().dims()));
    to.add(1, () -> dGain);
    to.add(2, () -> dBias);
  }

  /**
   * Softmax along an axis.
   *
   * @param x any shape but []
   * @param axis the axis; negative counts from the end
   * @return positive numbers that add up to 1 along the axis; zeros where all of x is minus
   *     infinity
   */
  public static Variable softmax(Variable x, int axis) {
    Operands.needFloating("softmax", x);
    if (x.shape().axis(axis) != x.shape().rank() - 1) {
      return softmax(x.transpose(axis, -1), -1).transpose(axis, -1);
    }
    Tensor y = emptyLike(x.value());
    y.kernels().softmax(x.value(), y);
    return Node.of(
        "softmax",
        y,
        List.of(x),
        (dy, to) ->
            to.add(
                0,
                () -> {
                  Tensor dx = emptyLike(y);
                  dx.kernels().softmaxGrad(y, dy, dx);
                  return dx;
                }));
  }

  /**
   * Logarithm of softmax along an axis.
   *
   * @param x any shape but []
   * @param axis the axis; negative counts from the end
   * @return numbers below 0 whose exponentials add up to 1 along the axis
   */
  public static Variable logSoftmax(Variable x, int axis) {
    Operands.needFloating("logSoftmax", x);
    if (x.shape().axis(axis) != x.shape().rank() - 1) {
      return logSoftmax(x.transpose(axis, -1), -1).transpose(axis, -1);
    }
    Tensor y = emptyLike(x.value());
    y.kernels().logSoftmax(x.value(), y);
    return Node.of(
        "logSoftmax",
        y,
        List.of(x),
        (dy, to) ->
            to.add(
                0,
                () -> {
                  Tensor dx = emptyLike(y);
                  dx.kernels().logSoftmaxGrad(y, dy, dx);
                  return dx;
                }));
  }
}
