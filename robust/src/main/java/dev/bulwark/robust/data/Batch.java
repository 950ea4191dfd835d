package dev.bulwark.robust.data;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;

/**
 * Labelled sequences of one training step.
 *
 * @param tokens B padded sequences
 * @param labels class of each
 */
public record Batch(TokenBatch tokens, int[] labels) {
  /** The labels as an I32 tensor [B]. */
  public Tensor labelTensor() {
    return Tensor.of(Shape.of(labels.length), labels);
  }

  /** B. */
  public int size() {
    return labels.length;
  }
}
