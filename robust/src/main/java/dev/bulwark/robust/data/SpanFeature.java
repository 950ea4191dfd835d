package dev.bulwark.robust.data;

import java.util.List;

/**
 * One window of a question's text, as the model reads it: [CLS] question [SEP] window [SEP].
 *
 * @param question number of the question
 * @param row the tokens
 * @param first position in the row of the window's first token
 * @param tokens of the window
 * @param startLabel position in the row where the first answer starts; 0, the [CLS] token, if the
 *     answer is not wholly in the window
 * @param endLabel position of the answer's last token, or 0
 */
public record SpanFeature(
    int question, InputRow row, int first, List<Piece> tokens, int startLabel, int endLabel) {
  /** Freezes the list. */
  public SpanFeature {
    tokens = List.copyOf(tokens);
  }

  /**
   * A token of the context.
   *
   * @param start where it starts in the context, in UTF-16 chars
   * @param end where it ends, exclusive
   * @param widest whether no other window shows more of the text on both sides of it: an answer may
   *     start here only then
   */
  public record Piece(int start, int end, boolean widest) {}
}
