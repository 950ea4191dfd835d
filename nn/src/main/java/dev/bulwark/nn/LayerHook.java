package dev.bulwark.nn;

import dev.bulwark.autograd.Variable;

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
}
