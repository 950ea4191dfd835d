package dev.bulwark.robust.lexicon;

/**
 * A word that may stand for another.
 *
 * @param word the substitute, in the case of its source
 * @param similarity cosine with the replaced word, in [-1, 1], or NaN when the source does not say
 */
public record Substitute(String word, double similarity) {
  /**
   * A substitute from a source without similarities.
   *
   * @param word the substitute
   */
  public Substitute(String word) {
    this(word, Double.NaN);
  }
}
