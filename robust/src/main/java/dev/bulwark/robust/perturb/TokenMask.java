package dev.bulwark.robust.perturb;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.robust.data.InputRow;

/**
 * Puts the mask token in the place of others.
 *
 * @param id of the mask token
 */
public record TokenMask(int id) {
  /**
   * A row with some tokens hidden.
   *
   * @param row the sequence
   * @param positions of the tokens; the same one may be named twice
   * @return a new row
   */
  public InputRow on(InputRow row, int[] positions) {
    int[] ids = row.ids().clone();
    for (int p : positions) {
      ids[p] = id;
    }
    return new InputRow(ids, row.types(), row.focus());
  }

  /**
   * A batch with some tokens hidden.
   *
   * @param batch R sequences
   * @param positions of each sequence, the tokens
   * @return a new batch
   */
  public TokenBatch on(TokenBatch batch, int[][] positions) {
    int[] ids = batch.ids().clone();
    for (int r = 0; r < positions.length; r++) {
      for (int p : positions[r]) {
        ids[r * batch.length() + p] = id;
      }
    }
    return new TokenBatch(batch.size(), batch.length(), ids, batch.types(), batch.mask());
  }
}
