package dev.bulwark.robust.objective.information;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.autograd.op.Reductions;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Source;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;

/**
 * InfoNCE (van den Oord et al. 2018) with a learnt critic: softplus of a perceptron of a local and
 * a global feature. A lower bound of their mutual information.
 */
public final class InfoNce extends Module {
  private static final int HIDDEN = 300;

  private final Perceptron critic;

  /**
   * An untrained critic, or one from a source's weights.
   *
   * @param source gives "w1" [300, local + global], "b1", "w2" [1, 300] and "b2"
   * @param local size of the local feature
   * @param global size of the global feature
   */
  public InfoNce(Source source, int local, int global) {
    critic = child(new Perceptron(source, local + global, HIDDEN, 1));
  }

  /**
   * The bound over N pairs; each global feature is contrasted with the locals of all pairs, its own
   * among them.
   *
   * @param local [N, L]
   * @param global [N, G], row i belongs to row i of local
   * @return a scalar in nats, at most log N; 0 for one pair
   */
  public Variable bound(Variable local, Variable global) {
    int n = local.dim(0);
    Variable scores = Elementwise.softplus(critic.pairs(local, global)); // global r, local c
    int[] own = new int[n];
    Arrays.setAll(own, i -> i * n + i);
    Variable positive = Indexing.gatherRows(scores, Tensor.of(Shape.of(n), own)).mean();
    Variable normaliser = Reductions.logSumExp(scores.reshape(n, n), 1).mean();
    return positive.minus(normaliser).plus(Math.log(n));
  }
}
