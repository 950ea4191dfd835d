package dev.bulwark.robust.objective.information;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;

/**
 * CLUB (Cheng et al. 2020) with the identity as conditional mean and unit variance, which needs no
 * estimator: half the mean squared distance of two features. InfoBERT bounds the information in its
 * tokens with it.
 */
public final class Club {
  private Club() {}

  /**
   * The bound with one partner for each feature.
   *
   * @param y features [N, D]
   * @param partner of each feature, in [0, N); its own number is allowed
   * @return a scalar in nats; its gradient reaches both of a pair
   */
  public static Variable sampled(Variable y, int[] partner) {
    Variable other = Indexing.gatherRows(y, Tensor.of(Shape.of(partner.length), partner));
    return Elementwise.square(y.minus(other)).sum().times(0.5 / y.dim(0));
  }

  /**
   * The bound over all ordered pairs, which equals the summed variance of the features.
   *
   * @param y features [N, D]
   * @return a scalar in nats
   */
  public static Variable full(Variable y) {
    Variable mean = y.mean(0).reshape(1, y.dim(1));
    return Elementwise.square(y.minus(mean)).sum().times(1.0 / y.dim(0));
  }
}
