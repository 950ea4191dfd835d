package dev.bulwark.robust.data;

import dev.bulwark.nn.text.Encoding;

/**
 * One sequence that a model reads.
 *
 * @param ids token ids, special tokens included
 * @param types segment of each
 * @param focus position of the token whose state the head reads: 0 for [CLS], or that of a mask
 */
public record InputRow(int[] ids, int[] types, int focus) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if there is no token, a segment is missing, or the focus lies
   *     outside
   */
  public InputRow {
    if (ids.length == 0 || types.length != ids.length || focus < 0 || focus >= ids.length) {
      throw new IllegalArgumentException(
          "a row of %d tokens with %d segments cannot focus on position %d"
              .formatted(ids.length, types.length, focus));
    }
  }

  /** A tokenised text that is read from its first token. */
  static InputRow of(Encoding e) {
    return new InputRow(e.ids(), e.typeIds(), 0);
  }

  /** Number of tokens. */
  public int length() {
    return ids.length;
  }
}
