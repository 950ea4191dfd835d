package dev.bulwark.nn;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Dropout;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Sees, and may replace, what passes between layers: noise, masking, probing. */
@FunctionalInterface
public interface LayerHook {
  /** Changes nothing. */
  LayerHook NONE = (layer, hidden) -> hidden;

  /**
   * Called after the embeddings ("embeddings") and after each layer ("layer.0", ...).
   *
   * @param layer where in the model
   * @param hidden [T, H], the tokens of the batch
   * @return what goes on, of the same shape
   */
  Variable after(String layer, Variable hidden);

  /**
   * Drops out. Replaced to compute with masks that another implementation drew.
   *
   * @param place "embeddings", "layer.0.attention.output", "layer.0.output", ..., "pooled"
   * @param x any shape
   * @param p rate, in [0, 1)
   * @param rng stream of the place
   * @return the thinned tensor
   */
  default Variable dropout(String place, Variable x, double p, Rng rng) {
    return Dropout.dropout(x, p, rng);
  }

  /**
   * Multipliers of a layer's attention probabilities, in place of dropout that is drawn.
   *
   * @param place "layer.0.attention.self", ...
   * @return [B, A, S, S], 0 or 1 / (1 - p); null to draw them
   */
  default @Nullable Tensor attentionDropout(String place) {
    return null;
  }
}
