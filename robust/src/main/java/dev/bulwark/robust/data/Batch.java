package dev.bulwark.robust.data;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled sequences of one training step.
 *
 * @param tokens R padded rows: one for each example, or one for each example and template
 * @param focus of each row, the position of the token whose state the head reads
 * @param labels one for each row of logits that the model makes of them: the class of each example
 */
public record Batch(TokenBatch tokens, int[] focus, int[] labels) {
  /**
   * Rows that are read from their first token.
   *
   * @param tokens B padded rows
   * @param labels class of each
   */
  public Batch(TokenBatch tokens, int[] labels) {
    this(tokens, new int[tokens.size()], labels);
  }

  /**
   * Pads rows to the longest of them.
   *
   * @param rows of all examples, in order
   * @param padId the padding token
   * @param labels class of each example
   * @return the batch
   */
  public static Batch of(List<InputRow> rows, int padId, int[] labels) {
    return of(rows, padId, labels, 0);
  }

  /**
   * Pads rows to the longest of them or further.
   *
   * @param rows of all examples, in order
   * @param padId the padding token
   * @param labels class of each example
   * @param atLeast width of the batch if no row is longer
   * @return the batch
   */
  public static Batch of(List<InputRow> rows, int padId, int[] labels, int atLeast) {
    int longest = rows.stream().mapToInt(InputRow::length).max().orElseThrow();
    int length = Math.max(longest, atLeast);
    int[] ids = new int[rows.size() * length];
    int[] types = new int[ids.length];
    int[] mask = new int[ids.length];
    Arrays.fill(ids, padId);
    for (int r = 0; r < rows.size(); r++) {
      InputRow row = rows.get(r);
      System.arraycopy(row.ids(), 0, ids, r * length, row.length());
      System.arraycopy(row.types(), 0, types, r * length, row.length());
      Arrays.fill(mask, r * length, r * length + row.length(), 1);
    }
    return new Batch(
        new TokenBatch(rows.size(), length, ids, types, mask),
        rows.stream().mapToInt(InputRow::focus).toArray(),
        labels);
  }

  /** The labels as an I32 tensor [B]. */
  public Tensor labelTensor() {
    return Tensor.of(Shape.of(labels.length), labels);
  }

  /** B, the number of labels. */
  public int size() {
    return labels.length;
  }
}
