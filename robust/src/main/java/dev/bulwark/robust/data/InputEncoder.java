package dev.bulwark.robust.data;

import dev.bulwark.nn.text.EncodeOptions;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Truncation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a text or pair into what a model reads: one row, or one for each prompt template. */
public interface InputEncoder {
  /**
   * The rows of one input.
   *
   * @param text the sentence, or the first of a pair
   * @param pair the second sentence of a pair, or null
   * @return at least one row; the same number for every input
   */
  List<InputRow> rows(String text, @Nullable String pair);

  /** The padding token. */
  int padId();

  /**
   * One row a text, read from its first token.
   *
   * @param tokenizer the model's
   * @param maxLength longest sequence in tokens, at least 3; longer texts are cut
   * @return the encoder
   * @throws IllegalArgumentException if the length is below 3
   */
  static InputEncoder plain(Tokenizer tokenizer, int maxLength) {
    if (maxLength < 3) {
      throw new IllegalArgumentException("max-length is " + maxLength + "; it must be at least 3");
    }
    EncodeOptions options = new EncodeOptions(maxLength, Truncation.LONGEST_FIRST, true);
    return new InputEncoder() {
      @Override
      public List<InputRow> rows(String text, @Nullable String pair) {
        return List.of(InputRow.of(tokenizer.encode(text, pair, options)));
      }

      @Override
      public int padId() {
        return tokenizer.padId();
      }
    };
  }
}
