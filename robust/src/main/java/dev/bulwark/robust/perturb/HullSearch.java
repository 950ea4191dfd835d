package dev.bulwark.robust.perturb;

import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The search for the worst point of a {@link WordHull} (ASCC, Dong et al., ICLR 2021, as in RIFT's
 * released code): Adam on the free numbers behind the weights, minimising -divergence + sparse *
 * entropy. Work for parameter gradients is skipped.
 *
 * @param steps of Adam, at least 1
 * @param rate learning rate
 * @param sparse weight of the entropy, which drives the weights towards single words
 * @param scaling how the entropies of all positions become one number
 * @param decay added to the gradient, times the numbers themselves
 */
public record HullSearch(int steps, double rate, double sparse, Scaling scaling, double decay) {
  /** The decay that both released programs use. */
  public static final double RELEASED_DECAY = 2e-5;

  /** How the entropies of all positions become one number. */
  public enum Scaling {
    /** Sum over 300 * 128, whatever the batch: RIFT. */
    RIFT,
    /** Mean over positions, padding included: ASCC. */
    MEAN;

    /**
     * The scaling of that name.
     *
     * @param name "rift" or "mean"
     * @return the scaling
     */
    public static Scaling named(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /**
     * One number for all positions.
     *
     * @param entropy [B, S]
     * @return a scalar in nats
     */
    public Variable of(Variable entropy) {
      return this == RIFT ? entropy.sum().times(1.0 / (300 * 128)) : entropy.mean();
    }
  }

  /** Sees the search. */
  @FunctionalInterface
  public interface Watcher {
    /** Looks away. */
    Watcher NONE = (loss, free) -> {};

    /**
     * Called after each step.
     *
     * @param loss minimised, before the step
     * @param free the numbers after it [B, S, K]; they change in the next
     */
    void step(double loss, Tensor free);
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public HullSearch {
    if (steps < 1 || !(rate >= 0) || !(sparse >= 0) || !(decay >= 0)) {
      throw new IllegalArgumentException(
          "a hull is searched in at least 1 step, at a rate, sparse weight and decay of 0 or more;"
              + " got %d steps, rate %s, sparse weight %s, decay %s"
                  .formatted(steps, rate, sparse, decay));
    }
  }

  /**
   * A random start: normal numbers of variance 2 / (S * K).
   *
   * @param hull where to search
   * @param dtype of the weights
   * @param draws gives the normal numbers "ascc_start"
   * @return free numbers [B, S, K]
   */
  public static Tensor start(WordHull hull, DType dtype, Draws draws) {
    double fan = (double) hull.shape().dim(1) * hull.shape().dim(2);
    return draws.normal("ascc_start", hull.shape(), dtype).times(Math.sqrt(2 / fan));
  }

  /**
   * Searches.
   *
   * @param hull where
   * @param start free numbers [B, S, K]
   * @param divergence to maximise: from weights [B, S, K] to a scalar, summed over the batch
   * @param watcher sees each step
   * @return weights [B, S, K]
   */
  public Tensor worst(
      WordHull hull, Tensor start, UnaryOperator<Variable> divergence, Watcher watcher) {
    Tensor free = start.copy();
    Tensor mask = hull.mask(free.dtype());
    Tensor moment1 = Tensor.zeros(free.shape(), free.dtype());
    Tensor moment2 = Tensor.zeros(free.shape(), free.dtype());
    for (int k = 1; k <= steps; k++) {
      AdamW adam = new AdamW(rate, 0.9, 0.999, 1e-8, 0, k, 1);
      Scope.run(
          "hull step " + k,
          () -> {
            Variable leaf = Variable.leaf("free", free);
            Variable logits = WordHull.logits(leaf, mask);
            Variable undecided = scaling.of(WordHull.entropy(logits)).times(sparse);
            Variable loss = undecided.minus(divergence.apply(WordHull.weights(logits)));
            double value = loss.item();
            Tensor gradient = loss.backward(Release.AS_CONSUMED, List.of(leaf)).get(leaf);
            Tensor decayed = gradient.plus(free.times(decay)).contiguous();
            free.kernels().adamW(adam, free, decayed, moment1, moment2);
            watcher.step(value, free);
          });
    }
    return WordHull.weights(WordHull.logits(Variable.constant(free), mask)).value();
  }
}
