package dev.bulwark.robust.attack;

import java.util.List;

/**
 * A word of an {@link AttackedText}.
 *
 * @param column 0 for the text, 1 for the pair
 * @param start first UTF-16 index in the column
 * @param end end, exclusive
 * @param text the word itself
 * @param origin number of the original word it came from
 * @param modified whether a replacement put it there
 */
record Word(int column, int start, int end, String text, int origin, boolean modified) {
  /** Appends the words of an unchanged column, numbered on. */
  static void scan(int column, String text, List<Word> words) {
    for (WordScanner.Span s : WordScanner.scan(text)) {
      String word = text.substring(s.start(), s.end());
      words.add(new Word(column, s.start(), s.end(), word, words.size(), false));
    }
  }

  Word moved(int by) {
    return new Word(column, start + by, end + by, text, origin, modified);
  }
}
