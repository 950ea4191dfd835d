package dev.bulwark.robust.objective;

import dev.bulwark.autograd.NoGrad;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.Encoder;
import dev.bulwark.robust.perturb.HullSearch;
import dev.bulwark.robust.perturb.WordHull;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The search of {@link HullSearch} on a classifier, which is in evaluation mode meanwhile.
 *
 * @param search how to search
 * @param loss what to maximise
 */
public record HullAttack(HullSearch search, Loss loss) {
  /** What to maximise, summed over the batch. */
  public enum Loss {
    /** Divergence of the prediction from that of the clean text: training. */
    KL,
    /** Cross-entropy against the labels: attacks. */
    CE;

    /**
     * The loss of that name.
     *
     * @param name "kl" or "ce"
     * @return the loss
     */
    public static Loss named(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  /** The head that the search looks at. */
  @FunctionalInterface
  public interface Head {
    /**
     * Logits of encoded text.
     *
     * @param context evaluating
     * @param encoded what the encoder made
     * @return [B, C]
     */
    Variable logits(Context context, Encoded encoded);
  }

  /**
   * The worst point of a batch's hull.
   *
   * @param step the batch and the model
   * @param head of the model
   * @param hull of the batch
   * @param start free numbers [B, S, K]
   * @param watcher sees each step
   * @return weights [B, S, K], constants
   */
  public Tensor worst(
      Step step, Head head, WordHull hull, Tensor start, HullSearch.Watcher watcher) {
    Context context = step.context().evaluating();
    Encoder encoder = step.model().encoder();
    List<Variable> columns = NoGrad.call(() -> hull.columns(encoder, context));
    int size = step.batch().size();
    UnaryOperator<Variable> climbed =
        switch (loss) {
          case KL -> {
            Variable clean =
                NoGrad.call(() -> head.logits(context, step.encode(step.words(), context)));
            yield logits -> Losses.klDivergence(clean, logits);
          }
          case CE -> step::crossEntropy;
        };
    return search.worst(
        hull,
        start,
        weights -> {
          Variable point = hull.point(weights, columns, context);
          Encoded encoded = encoder.layers(context, point, step.batch().tokens());
          return climbed.apply(head.logits(context, encoded)).times(size);
        },
        watcher);
  }
}
