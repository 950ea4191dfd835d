package dev.bulwark.nn.text;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into the ids a model reads, and back. Implementations are immutable and may be shared
 * by any number of threads.
 *
 * <p>Text is a Java string. A lone surrogate in it, which no UTF-8 text can hold, counts as U+FFFD.
 */
public interface Tokenizer {
  /**
   * Encodes one text or a pair.
   *
   * @param text the text, or the first of a pair
   * @param pair the second text of a pair, or null
   * @param options length limit, how to keep it, and whether to add special tokens
   * @return the tokens, {@code options.maxLength()} at most unless nothing is to be truncated
   * @throws IllegalArgumentException if the truncation asked for cannot reach the limit
   */
  Encoding encode(String text, @Nullable String pair, EncodeOptions options);

  /**
   * Encodes one text with special tokens, cut on the right to fit.
   *
   * @param text the text
   * @param maxLength most tokens, special ones included
   * @return the tokens
   */
  default Encoding encode(String text, int maxLength) {
    return encode(text, null, EncodeOptions.of(maxLength));
  }

  /**
   * All tokens, the added ones included.
   *
   * @return the vocabulary
   */
  Vocabulary vocabulary();

  /**
   * Text of some tokens: pieces joined, blanks before punctuation taken out, as Hugging Face does.
   * What the tokenizer dropped (case, accents, runs of blanks) does not come back.
   *
   * @param ids token ids
   * @param skipSpecial whether to leave out special tokens such as {@code [CLS]}
   * @return the text
   * @throws IllegalArgumentException if an id is not in the vocabulary
   */
  String decode(int[] ids, boolean skipSpecial);

  /**
   * Writes the tokenizer into a folder that Hugging Face {@code transformers} and {@link
   * Tokenizers#load} read. The folder is made if it is missing; files of the same names are
   * replaced.
   *
   * @param folder where to write
   * @throws IOException if the folder or a file cannot be written
   */
  void save(Path folder) throws IOException;

  /**
   * Id of the token that fills short rows of a batch.
   *
   * @return the id of {@code [PAD]}
   */
  int padId();

  /**
   * Id of the token that hides a word from a masked language model.
   *
   * @return the id of {@code [MASK]}
   */
  int maskId();

  /**
   * Id of the token for words the vocabulary cannot spell.
   *
   * @return the id of {@code [UNK]}
   */
  int unknownId();

  /**
   * Id of the token that opens every input.
   *
   * @return the id of {@code [CLS]}
   */
  int clsId();

  /**
   * Id of the token that closes each text of an input.
   *
   * @return the id of {@code [SEP]}
   */
  int sepId();
}
