package dev.bulwark.robust.perturb;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;

/**
 * A norm ball round each example's word vectors, as in FreeLB (Zhu et al. 2020, algorithm 1).
 *
 * <p>A perturbation is a tensor [B, S, H], zero at padding; norms are taken over the S * H numbers
 * of an example, or over the H numbers of a token.
 *
 * @param norm how a perturbation is measured
 * @param start size of the random start; 0 starts at zero
 * @param rate length of an ascent step, in the ball's norm
 * @param radius of the ball; 0 means unbounded
 */
public record Ball(Norm norm, double start, double rate, double radius) {
  private static final double TINY = 1e-8; // lower bound of a gradient norm, as in FreeLB's code

  /** How a perturbation is measured. */
  public enum Norm {
    /** Euclidean. */
    L2,
    /** Largest absolute value; a step follows the gradient's shape. */
    LINF,
    /** Euclidean, each token by itself. */
    L2_TOKEN,
    /** Largest absolute value; a step follows the gradient's sign (Madry et al. 2018). */
    SIGN
  }

  /**
   * Checks the magnitudes.
   *
   * @throws IllegalArgumentException if one is negative or not a number
   */
  public Ball {
    if (!(start >= 0) || !(rate >= 0) || !(radius >= 0)) {
      throw new IllegalArgumentException(
          "perturbation magnitudes must not be negative: start "
              + start
              + ", rate "
              + rate
              + ", radius "
              + radius);
    }
  }

  /**
   * A random start: uniform numbers, for L2 divided by the root of the example's or token's size.
   *
   * @param tokens the batch
   * @param hidden H
   * @param dtype type of the word vectors
   * @param draws gives the uniform numbers "init_uniform"
   * @return [B, S, H]
   */
  public Tensor start(TokenBatch tokens, int hidden, DType dtype, Draws draws) {
    Shape shape = Shape.of(tokens.size(), tokens.length(), hidden);
    if (start == 0) {
      return Tensor.zeros(shape, dtype);
    }
    return draws
        .uniform("init_uniform", shape, dtype, -1, 1)
        .times(magnitudes(tokens, hidden, dtype));
  }

  /** Size of the start of each token: {@link #size} at real tokens, 0 at padding; [B, S, 1]. */
  private Tensor magnitudes(TokenBatch tokens, int hidden, DType dtype) {
    double[] m = new double[tokens.size() * tokens.length()];
    for (int b = 0; b < tokens.size(); b++) {
      int from = b * tokens.length();
      int real = 0;
      for (int s = 0; s < tokens.length(); s++) {
        real += tokens.mask()[from + s];
      }
      double size = size(real, hidden);
      for (int s = 0; s < tokens.length(); s++) {
        m[from + s] = tokens.mask()[from + s] * size;
      }
    }
    return Tensor.of(Shape.of(tokens.size(), tokens.length(), 1), m).cast(dtype);
  }

  private double size(int tokens, int hidden) {
    return switch (norm) {
      case L2 -> start / Math.sqrt((double) tokens * hidden);
      case L2_TOKEN -> start / Math.sqrt(hidden);
      case LINF, SIGN -> start;
    };
  }

  /**
   * One ascent step: along the gradient divided by its norm, then back into the ball.
   *
   * @param delta where the perturbation is [B, S, H]
   * @param gradient of the loss with respect to it
   * @return the next perturbation
   */
  public Tensor ascend(Tensor delta, Tensor gradient) {
    Tensor direction =
        norm == Norm.SIGN ? gradient.map(Unary.SIGN) : gradient.div(atLeast(norms(gradient), TINY));
    return project(delta.plus(direction.times(rate)));
  }

  /**
   * The nearest perturbation inside the ball.
   *
   * @param delta [B, S, H]
   * @return the same where it is inside
   */
  public Tensor project(Tensor delta) {
    if (radius == 0) {
      return delta;
    }
    return switch (norm) {
      case L2, L2_TOKEN ->
          delta.times(atLeast(norms(delta), radius).map(Unary.RECIPROCAL).times(radius));
      case LINF, SIGN -> Tensors.clamp(delta, -radius, radius);
    };
  }

  /** Norm of each example, [B, 1, 1], or of each token, [B, S, 1]. */
  private Tensor norms(Tensor x) {
    return switch (norm) {
      case L2 -> x.map(Unary.SQUARE).reduce(Reduce.SUM, 1, 2).map(Unary.SQRT);
      case L2_TOKEN -> x.map(Unary.SQUARE).reduce(Reduce.SUM, 2).map(Unary.SQRT);
      case LINF, SIGN -> x.map(Unary.ABS).reduce(Reduce.MAX, 1, 2);
    };
  }

  private static Tensor atLeast(Tensor x, double bound) {
    return x.with(Binary.MAX, Tensor.scalar(bound, x.dtype()));
  }
}
