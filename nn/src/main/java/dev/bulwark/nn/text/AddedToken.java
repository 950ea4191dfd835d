package dev.bulwark.nn.text;

/**
 * A token recognised in the raw text before anything else happens to it, such as {@code [MASK]}.
 *
 * @param content what stands in the text
 * @param id its id
 * @param singleWord only where no letter, digit or mark touches it
 * @param leftStrip takes the blanks before it along
 * @param rightStrip takes the blanks after it along
 * @param special left out by {@link Tokenizer#decode} on request
 */
record AddedToken(
    String content,
    int id,
    boolean singleWord,
    boolean leftStrip,
    boolean rightStrip,
    boolean special) {
  /** A special token as BERT has them. */
  static AddedToken special(String content, int id) {
    return new AddedToken(content, id, false, false, false, true);
  }
}
