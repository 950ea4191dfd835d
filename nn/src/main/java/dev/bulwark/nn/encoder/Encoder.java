package dev.bulwark.nn.encoder;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;

/** A pre-trained encoder: word vectors first, so that perturbations can enter between the steps. */
public interface Encoder {
  /**
   * Word vectors of a batch, before positions, segments and normalisation.
   *
   * @param batch the tokens
   * @return [B, S, H]
   */
  Variable embed(TokenBatch batch);

  /**
   * Runs the layers.
   *
   * @param context training or inference
   * @param embeddings [B, S, H], perhaps perturbed
   * @param batch the same tokens; ids are not looked at again
   * @return hidden states
   */
  Encoded encode(Context context, Variable embeddings, TokenBatch batch);

  /** Size of hidden states. */
  int hiddenSize();
}
