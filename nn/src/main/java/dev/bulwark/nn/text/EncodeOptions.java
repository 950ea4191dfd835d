package dev.bulwark.nn.text;

/**
 * How {@link Tokenizer#encode(String, String, EncodeOptions)} shapes its result.
 *
 * @param maxLength most tokens of an encoding, special ones included; at least 1
 * @param truncation what to cut when there are more; {@link Truncation#DO_NOT_TRUNCATE} leaves
 *     {@code maxLength} without effect
 * @param addSpecialTokens whether to put {@code [CLS]} and {@code [SEP]} around the texts
 */
public record EncodeOptions(int maxLength, Truncation truncation, boolean addSpecialTokens) {
  /** Checks the limit. */
  public EncodeOptions {
    if (maxLength < 1) {
      throw new IllegalArgumentException(
          "The length limit of an encoding is " + maxLength + ", it must be 1 or more.");
    }
  }

  /**
   * The usual choice: special tokens, and the longer text of a pair cut first.
   *
   * @param maxLength most tokens, special ones included
   * @return the options
   */
  public static EncodeOptions of(int maxLength) {
    return new EncodeOptions(maxLength, Truncation.LONGEST_FIRST, true);
  }

  /**
   * Special tokens and no limit.
   *
   * @return the options
   */
  public static EncodeOptions unlimited() {
    return new EncodeOptions(Integer.MAX_VALUE, Truncation.DO_NOT_TRUNCATE, true);
  }

  /**
   * The same with another way to cut.
   *
   * @param other what to cut
   * @return the changed options
   */
  public EncodeOptions withTruncation(Truncation other) {
    return new EncodeOptions(maxLength, other, addSpecialTokens);
  }

  /**
   * The same without {@code [CLS]} and {@code [SEP]}.
   *
   * @return the changed options
   */
  public EncodeOptions withoutSpecialTokens() {
    return new EncodeOptions(maxLength, truncation, false);
  }
}
