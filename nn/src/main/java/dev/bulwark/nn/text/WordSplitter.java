package dev.bulwark.nn.text;

/** Takes the words of a text one by one; {@link WordPieceModel} cuts them into pieces. */
interface WordSplitter {
  /**
   * Adds the pieces of a word to a row.
   *
   * @param word {@code [length]} its chars, normalised
   * @param length its length
   * @param from {@code [length]} where the source of each char starts
   * @param to {@code [length]} where it ends
   * @param number how many words came before
   * @param row receives the pieces
   * @return false, and the row as before, if the word cannot be cut
   */
  boolean split(char[] word, int length, int[] from, int[] to, int number, TokenRow row);

  /** Id for a word that cannot be cut, or is too long. */
  int unknownId();

  /** Most code points of a word that is not too long. */
  int maxCharsPerWord();
}
