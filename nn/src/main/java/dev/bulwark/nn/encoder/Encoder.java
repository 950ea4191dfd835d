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
   * The embedding block: positions and segments added to word vectors, normalised, thinned.
   *
   * @param context training or inference
   * @param words [B, S, H], perhaps perturbed
   * @param batch the same tokens; ids are not looked at again
   * @return [T, H], the input of the first layer: one row for each token that is computed (see
   *     {@link dev.bulwark.nn.Padding})
   */
  Variable embeddings(Context context, Variable words, TokenBatch batch);

  /**
   * Runs the layers.
   *
   * @param context training or inference
   * @param embedded [T, H], the output of the embedding block, perhaps perturbed
   * @param batch the same tokens
   * @return hidden states
   */
  Encoded layers(Context context, Variable embedded, TokenBatch batch);

  /**
   * The embedding block, then the layers.
   *
   * @param context training or inference
   * @param words [B, S, H], perhaps perturbed
   * @param batch the same tokens; ids are not looked at again
   * @return hidden states
   */
  default Encoded encode(Context context, Variable words, TokenBatch batch) {
    return layers(context, embeddings(context, words, batch), batch);
  }

  /** Size of hidden states. */
  int hiddenSize();
}
