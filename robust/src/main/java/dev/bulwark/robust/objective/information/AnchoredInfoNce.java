package dev.bulwark.robust.objective.information;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * InfoBERT's anchored feature regulariser (Wang et al. 2021): keeps the information that anchored
 * tokens, as the embedding block gives them, share with their sentence, as the last layer gives it.
 *
 * @param critic scores pairs of token and sentence
 * @param weight alpha, 0 or more
 * @param low share of the tokens with the smallest gradients left out
 * @param high share up to which tokens are anchored
 * @param chunk pairs contrasted with each other; 0 for as many as the batch has sequences
 * @param order puts the pairs in order before they are cut into chunks
 */
public record AnchoredInfoNce(
    InfoNce critic, double weight, double low, double high, int chunk, Order order)
    implements PassTerm {
  /** An order of n pairs. */
  @FunctionalInterface
  public interface Order {
    /** A permutation of 0 to n - 1 for a pass. */
    int[] of(Pass pass, int n);
  }

  @Override
  public String name() {
    return "lower_bound";
  }

  @Override
  public boolean needsWordGradient() {
    return true;
  }

  @Override
  public Optional<Variable> afterwards(Pass pass, Tensor wordGradient) {
    AnchoredTokens t = AnchoredTokens.select(wordGradient, pass.step().batch().tokens(), low, high);
    if (t.size() == 0) {
      return Optional.empty();
    }
    int[] focus = pass.step().batch().focus();
    int[] read = Arrays.stream(t.sequences()).map(b -> focus[b]).toArray();
    Variable local = pass.encoded().at(0, t.sequences(), t.positions());
    Variable global = pass.encoded().at(-1, t.sequences(), read);
    int pairs = chunk > 0 ? chunk : pass.encoded().size();
    Variable bound = bound(critic, local, global, order.of(pass, t.size()), pairs);
    return Optional.of(bound.times(-weight / pass.of()));
  }

  /**
   * The mean of the bounds of chunks of pairs; a last chunk may be shorter and counts as much.
   *
   * @param critic scores pairs
   * @param local [M, H]
   * @param global [M, H]
   * @param order of the pairs, before they are cut
   * @param chunk pairs in a chunk, at least 1
   * @return a scalar in nats
   */
  public static Variable bound(
      InfoNce critic, Variable local, Variable global, int[] order, int chunk) {
    Variable sum = null;
    int chunks = 0;
    for (int from = 0; from < order.length; from += chunk) {
      int[] rows = Arrays.copyOfRange(order, from, Math.min(from + chunk, order.length));
      Tensor ids = Tensor.of(Shape.of(rows.length), rows);
      Variable one =
          critic.bound(Indexing.gatherRows(local, ids), Indexing.gatherRows(global, ids));
      sum = sum == null ? one : sum.plus(one);
      chunks++;
    }
    if (sum == null) {
      throw new IllegalArgumentException("an InfoNCE bound needs at least one pair");
    }
    return sum.times(1.0 / chunks);
  }
}
