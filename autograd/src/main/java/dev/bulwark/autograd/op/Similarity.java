package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.scalar;

import dev.bulwark.autograd.Variable;

/** Directions compared. */
public final class Similarity {
  private static final double EPSILON = 1e-8;

  private Similarity() {}

  /**
   * Vectors brought to length 1.
   *
   * @param x any shape but []
   * @param axis the axis along which the vectors lie; negative counts from the end
   * @return x over its Euclidean norm, or over 1e-8 where that is larger
   */
  public static Variable normalise(Variable x, int axis) {
    return normalise(x, axis, EPSILON);
  }

  /**
   * Vectors brought to length 1, with a bound of their length.
   *
   * @param x any shape but []
   * @param axis the axis along which the vectors lie; negative counts from the end
   * @param least the smallest length divided by, above 0
   * @return x over its Euclidean norm, or over the bound where that is larger
   */
  public static Variable normalise(Variable x, int axis, double least) {
    Variable norm = Views.unsqueeze(Reductions.l2Norm(x, axis), x.shape().axis(axis));
    Variable bound = Variable.constant(scalar(x.value(), least));
    return x.div(Elementwise.maximum(norm, bound));
  }

  /**
   * Cosine of the angle between vectors.
   *
   * @param a any shape but []
   * @param b broadcasts with a
   * @param axis the axis along which the vectors lie, which disappears; negative counts from the
   *     end
   * @return numbers in [-1, 1]; 0 for a zero vector
   */
  public static Variable cosine(Variable a, Variable b, int axis) {
    return Reductions.sum(normalise(a, axis).times(normalise(b, axis)), axis);
  }
}
