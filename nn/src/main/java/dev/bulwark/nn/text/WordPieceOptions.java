package dev.bulwark.nn.text;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link WordPiece} tokenizer treats text. The usual ones are {@link #uncased} and {@link
 * #cased}; {@link #change} makes others of them.
 *
 * @param lowercase whether to make letters small
 * @param stripAccents whether to drop accents; null means: if letters are made small
 * @param cleanText whether to drop controls and take every white space for a blank
 * @param handleChineseChars whether each Chinese character is a word
 * @param maxInputCharsPerWord words of more code points are unknown
 * @param unknownToken token of words that cannot be cut into pieces
 * @param clsToken token before the first text
 * @param sepToken token after each text
 * @param padToken token that fills rows
 * @param maskToken token that hides a word
 * @param continuingPrefix what marks a piece that does not start a word
 */
public record WordPieceOptions(
    boolean lowercase,
    @Nullable Boolean stripAccents,
    boolean cleanText,
    boolean handleChineseChars,
    int maxInputCharsPerWord,
    String unknownToken,
    String clsToken,
    String sepToken,
    String padToken,
    String maskToken,
    String continuingPrefix) {
  /** Checks the word length. */
  public WordPieceOptions {
    if (maxInputCharsPerWord < 1) {
      throw new IllegalArgumentException(
          "max_input_chars_per_word is " + maxInputCharsPerWord + ", it must be 1 or more.");
    }
  }

  /**
   * What {@code bert-base-uncased} does.
   *
   * @return lower case, no accents
   */
  public static WordPieceOptions uncased() {
    return new WordPieceOptions(
        true, null, true, true, 100, "[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]", "##");
  }

  /**
   * What {@code bert-base-cased} does.
   *
   * @return case and accents kept
   */
  public static WordPieceOptions cased() {
    return uncased().change().lowercase(false).build();
  }

  /**
   * Starts from these options.
   *
   * @return a builder that holds their values
   */
  public Builder change() {
    return new Builder(this);
  }

  /** Whether accents go, the default filled in. */
  boolean stripsAccents() {
    return Objects.requireNonNullElse(stripAccents, lowercase);
  }

  /** The special tokens, each once. */
  List<String> specialTokens() {
    return List.of(padToken, unknownToken, clsToken, sepToken, maskToken).stream()
        .distinct()
        .toList();
  }

  /** Options in the making. */
  public static final class Builder {
    private boolean lowercase;
    private @Nullable Boolean stripAccents;
    private boolean cleanText;
    private boolean handleChineseChars;
    private int maxInputCharsPerWord;
    private String unknownToken;
    private String clsToken;
    private String sepToken;
    private String padToken;
    private String maskToken;
    private String continuingPrefix;

    private Builder(WordPieceOptions start) {
      lowercase = start.lowercase;
      stripAccents = start.stripAccents;
      cleanText = start.cleanText;
      handleChineseChars = start.handleChineseChars;
      maxInputCharsPerWord = start.maxInputCharsPerWord;
      unknownToken = start.unknownToken;
      clsToken = start.clsToken;
      sepToken = start.sepToken;
      padToken = start.padToken;
      maskToken = start.maskToken;
      continuingPrefix = start.continuingPrefix;
    }

    /**
     * Sets {@link WordPieceOptions#lowercase}.
     *
     * @param value whether to make letters small
     * @return this builder
     */
    public Builder lowercase(boolean value) {
      lowercase = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#stripAccents}.
     *
     * @param value whether to drop accents, null to follow the case
     * @return this builder
     */
    public Builder stripAccents(@Nullable Boolean value) {
      stripAccents = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#cleanText}.
     *
     * @param value whether to clean the text
     * @return this builder
     */
    public Builder cleanText(boolean value) {
      cleanText = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#handleChineseChars}.
     *
     * @param value whether each Chinese character is a word
     * @return this builder
     */
    public Builder handleChineseChars(boolean value) {
      handleChineseChars = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#maxInputCharsPerWord}.
     *
     * @param value most code points of a word that is not unknown
     * @return this builder
     */
    public Builder maxInputCharsPerWord(int value) {
      maxInputCharsPerWord = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#unknownToken}.
     *
     * @param value token of words that cannot be cut into pieces
     * @return this builder
     */
    public Builder unknownToken(String value) {
      unknownToken = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#clsToken}.
     *
     * @param value token before the first text
     * @return this builder
     */
    public Builder clsToken(String value) {
      clsToken = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#sepToken}.
     *
     * @param value token after each text
     * @return this builder
     */
    public Builder sepToken(String value) {
      sepToken = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#padToken}.
     *
     * @param value token that fills rows
     * @return this builder
     */
    public Builder padToken(String value) {
      padToken = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#maskToken}.
     *
     * @param value token that hides a word
     * @return this builder
     */
    public Builder maskToken(String value) {
      maskToken = value;
      return this;
    }

    /**
     * Sets {@link WordPieceOptions#continuingPrefix}.
     *
     * @param value what marks a piece that does not start a word
     * @return this builder
     */
    public Builder continuingPrefix(String value) {
      continuingPrefix = value;
      return this;
    }

    /**
     * Finishes.
     *
     * @return the options
     * @throws IllegalArgumentException if a value is out of range
     */
    public WordPieceOptions build() {
      return new WordPieceOptions(
          lowercase,
          stripAccents,
          cleanText,
          handleChineseChars,
          maxInputCharsPerWord,
          unknownToken,
          clsToken,
          sepToken,
          padToken,
          maskToken,
          continuingPrefix);
    }
  }
}
