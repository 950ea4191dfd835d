package dev.bulwark.nn.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a tokenizer made of a text or a pair: one row of equally long columns, immutable.
 *
 * <p>Offsets count UTF-16 chars of the original string, end exclusive, so that {@code
 * text.substring(start(i), end(i))} is the token's source; for a token of the second text they
 * point into the second text. Special tokens have offsets 0, 0. Hugging Face counts code points:
 * {@link #codePointOffset} converts.
 *
 * <p>The methods that return an array return a copy; those that take an index do not copy.
 */
public final class Encoding {
  private final int[] ids;
  private final int[] typeIds;
  private final int[] startOffsets;
  private final int[] endOffsets;
  private final boolean[] special;
  private final int[] wordIds;

  /** Takes the arrays as they are: whoever calls must not keep them. */
  Encoding(int[] ids, int[] typeIds, int[] starts, int[] ends, boolean[] special, int[] wordIds) {
    this.ids = ids;
    this.typeIds = typeIds;
    this.startOffsets = starts;
    this.endOffsets = ends;
    this.special = special;
    this.wordIds = wordIds;
  }

  /**
   * Number of tokens, special ones included.
   *
   * @return the length of every column
   */
  public int length() {
    return ids.length;
  }

  /**
   * Token ids.
   *
   * @return a copy, {@code [length]}
   */
  public int[] ids() {
    return ids.clone();
  }

  /**
   * Id of one token.
   *
   * @param i position
   * @return the token id
   */
  public int id(int i) {
    return ids[i];
  }

  /**
   * Segment of each token: 0 for the first text and its special tokens, 1 for the second.
   *
   * @return a copy, {@code [length]}
   */
  public int[] typeIds() {
    return typeIds.clone();
  }

  /**
   * Segment of one token.
   *
   * @param i position
   * @return 0 or 1
   */
  public int typeId(int i) {
    return typeIds[i];
  }

  /**
   * Where each token starts in its text.
   *
   * @return a copy, {@code [length]}, in UTF-16 chars
   */
  public int[] startOffsets() {
    return startOffsets.clone();
  }

  /**
   * Where one token starts in its text.
   *
   * @param i position
   * @return UTF-16 char index, 0 for a special token
   */
  public int start(int i) {
    return startOffsets[i];
  }

  /**
   * Where each token ends in its text, exclusive.
   *
   * @return a copy, {@code [length]}, in UTF-16 chars
   */
  public int[] endOffsets() {
    return endOffsets.clone();
  }

  /**
   * Where one token ends in its text, exclusive.
   *
   * @param i position
   * @return UTF-16 char index, 0 for a special token
   */
  public int end(int i) {
    return endOffsets[i];
  }

  /**
   * Which tokens the tokenizer put in. A {@code [MASK]} that stood in the text is not among them.
   *
   * @return a copy, {@code [length]}
   */
  public boolean[] special() {
    return special.clone();
  }

  /**
   * Whether the tokenizer put this token in.
   *
   * @param i position
   * @return false for a token of the text
   */
  public boolean isSpecial(int i) {
    return special[i];
  }

  /**
   * Which word of its text each token is a piece of; words count from 0 in each text, a punctuation
   * mark is a word. Special tokens have -1.
   *
   * @return a copy, {@code [length]}
   */
  public int[] wordIds() {
    return wordIds.clone();
  }

  /**
   * Which word of its text one token is a piece of.
   *
   * @param i position
   * @return word number, -1 for a special token
   */
  public int wordId(int i) {
    return wordIds[i];
  }

  /**
   * Which text one token comes from.
   *
   * @param i position
   * @return 0 for the first text, 1 for the second, -1 for a special token
   */
  public int sequence(int i) {
    return special[i] ? -1 : typeIds[i];
  }

  /**
   * The tokens as strings.
   *
   * @param vocabulary the vocabulary of the tokenizer that made this
   * @return one string per token
   */
  public List<String> tokens(Vocabulary vocabulary) {
    return IntStream.of(ids).mapToObj(vocabulary::token).toList();
  }

  /**
   * Converts an offset into Hugging Face's unit.
   *
   * @param text the text the offset points into
   * @param utf16 an offset of this encoding
   * @return the same place counted in code points
   */
  public static int codePointOffset(String text, int utf16) {
    return text.codePointCount(0, utf16);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Encoding that
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(typeIds, that.typeIds)
        && Arrays.equals(startOffsets, that.startOffsets)
        && Arrays.equals(endOffsets, that.endOffsets)
        && Arrays.equals(special, that.special)
        && Arrays.equals(wordIds, that.wordIds);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Arrays.hashCode(startOffsets);
  }

  @Override
  public String toString() {
    return "Encoding[ids=" + Arrays.toString(ids) + ", typeIds=" + Arrays.toString(typeIds) + "]";
  }
}
