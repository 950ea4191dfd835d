package dev.bulwark.robust.attack;

import dev.bulwark.robust.predict.TextInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input seen as words, which remembers the original it came from. Immutable.
 *
 * <p>Words are numbered over both columns of a pair. Replacing a word leaves everything around it
 * as it was; replacing it by several words shifts the numbers behind it, and every word keeps the
 * number of the original word it came from. Two texts are equal when their columns are.
 */
public final class AttackedText {
  private final @Nullable AttackedText root;
  private final TextInput input;
  private final List<Word> words;
  private final int fresh;
  private final int freshCount;
  private final double similarity;

  private AttackedText(
      @Nullable AttackedText root,
      TextInput input,
      List<Word> words,
      int fresh,
      int freshCount,
      double similarity) {
    this.root = root;
    this.input = input;
    this.words = words;
    this.fresh = fresh;
    this.freshCount = freshCount;
    this.similarity = similarity;
  }

  /**
   * An unchanged input.
   *
   * @param input a text or a pair
   * @return its words
   */
  public static AttackedText of(TextInput input) {
    List<Word> words = new ArrayList<>();
    Word.scan(0, input.text(), words);
    if (input.pair() != null) {
      Word.scan(1, input.pair(), words);
    }
    return new AttackedText(null, input, words, 0, 0, Double.NaN);
  }

  /** {@return what the victim reads} */
  public TextInput input() {
    return input;
  }

  /** {@return the unchanged text this one was made from; an unchanged text returns itself} */
  public AttackedText original() {
    return root == null ? this : root;
  }

  /** {@return the number of words, over both columns} */
  public int size() {
    return words.size();
  }

  /** {@return 2 for a pair, otherwise 1} */
  public int columns() {
    return input.pair() == null ? 1 : 2;
  }

  /**
   * One word.
   *
   * @param index its number in this text
   * @return the word in its own case
   */
  public String word(int index) {
    return words.get(index).text();
  }

  /**
   * The column of a word.
   *
   * @param index its number in this text
   * @return 0 for the text, 1 for the pair
   */
  public int column(int index) {
    return words.get(index).column();
  }

  /**
   * The original word that a word came from.
   *
   * @param index its number in this text
   * @return its number in {@link #original()}
   */
  public int origin(int index) {
    return words.get(index).origin();
  }

  /**
   * Whether a word was put there by a replacement.
   *
   * @param index its number in this text
   * @return true for words that came in at any step
   */
  public boolean modified(int index) {
    return words.get(index).modified();
  }

  /** {@return the first word that the last step brought in, or -1 if it brought none} */
  public int firstFresh() {
    return freshCount == 0 ? -1 : fresh;
  }

  /** {@return how many words the last step brought in, in a row from {@link #firstFresh}} */
  public int freshCount() {
    return freshCount;
  }

  /** {@return the similarity that a constraint noted for this text, or NaN} */
  public double similarity() {
    return similarity;
  }

  /**
   * The same text with a similarity noted, by which a search may choose among successes.
   *
   * @param value any measure that is higher for closer texts
   * @return a copy
   */
  public AttackedText withSimilarity(double value) {
    return new AttackedText(root, input, words, fresh, freshCount, value);
  }

  /**
   * Replaces a word, or deletes it together with one adjacent blank.
   *
   * @param index the word's number in this text
   * @param by text with at least one word in it, or the empty string to delete
   * @return the new text; this one if the word is {@code by} already
   */
  public AttackedText replace(int index, String by) {
    Word old = words.get(index);
    if (old.text().equals(by)) {
      return this;
    }
    List<WordScanner.Span> spans = WordScanner.scan(by);
    if (spans.isEmpty() && !by.isEmpty()) {
      throw new IllegalArgumentException(
          "cannot replace '" + old.text() + "' by '" + by + "', which has no word in it");
    }
    String column = columnText(old.column());
    int from = old.start();
    int to = old.end();
    if (by.isEmpty()) {
      boolean first = index == 0 || words.get(index - 1).column() != old.column();
      if (first && to < column.length() && column.charAt(to) == ' ') {
        to++;
      } else if (!first && column.charAt(from - 1) == ' ') {
        from--;
      }
    }
    int shift = by.length() - (to - from);
    List<Word> next = new ArrayList<>(words.size() + spans.size());
    next.addAll(words.subList(0, index));
    for (WordScanner.Span s : spans) {
      String word = by.substring(s.start(), s.end());
      next.add(new Word(old.column(), from + s.start(), from + s.end(), word, old.origin(), true));
    }
    for (Word w : words.subList(index + 1, words.size())) {
      next.add(shift != 0 && w.column() == old.column() ? w.moved(shift) : w);
    }
    String changed = column.substring(0, from) + by + column.substring(to);
    TextInput nextInput =
        old.column() == 0
            ? new TextInput(changed, input.pair())
            : new TextInput(input.text(), changed);
    return new AttackedText(original(), nextInput, next, index, spans.size(), Double.NaN);
  }

  /**
   * The words around a word.
   *
   * @param index the word's number in this text
   * @param before how many words before it at most
   * @param after how many words after it at most
   * @return the words, over column borders
   */
  public List<String> wordsAround(int index, int before, int after) {
    return words
        .subList(Math.max(0, index - before), Math.min(words.size(), index + after + 1))
        .stream()
        .map(Word::text)
        .toList();
  }

  /**
   * The text of a window of words with a given one in the middle; at the ends of the text the
   * window is shifted so that it keeps its size when the text has that many words.
   *
   * @param index the word's number in this text
   * @param size number of words
   * @param within words that the window may cover: all, or those of the word's column
   * @return the text from the first to the last word of the window, columns parted by a line break
   */
  public String window(int index, int size, Extent within) {
    int low = 0;
    int high = words.size() - 1;
    if (within == Extent.COLUMN) {
      while (column(low) != column(index)) {
        low++;
      }
      while (column(high) != column(index)) {
        high--;
      }
    }
    int start = Math.clamp(index - (size - 1) / 2, low, Math.max(low, high - size + 1));
    Word first = words.get(start);
    Word last = words.get(Math.min(start + size - 1, high));
    if (first.column() == last.column()) {
      return columnText(first.column()).substring(first.start(), last.end());
    }
    return columnText(0).substring(first.start()) + "\n" + columnText(1).substring(0, last.end());
  }

  /** {@return the whole text, columns parted by a line break} */
  public String text() {
    return input.pair() == null ? input.text() : input.text() + "\n" + input.pair();
  }

  /**
   * The number of words in a column or in all.
   *
   * @param index a word whose column is meant
   * @param within all words, or those of the word's column
   * @return how many
   */
  public int size(int index, Extent within) {
    return within == Extent.ALL
        ? words.size()
        : (int) words.stream().filter(w -> w.column() == column(index)).count();
  }

  /** {@return the original words that differ now, in order} */
  public List<WordChange> changes() {
    List<WordChange> changes = new ArrayList<>();
    int at = 0;
    for (Word from : original().words) {
      int end = at;
      while (end < words.size() && words.get(end).origin() == from.origin()) {
        end++;
      }
      boolean same = end == at + 1 && words.get(at).text().equals(from.text());
      if (!same) {
        changes.add(change(from, at, end));
      }
      at = end;
    }
    return changes;
  }

  /** A change whose new words are those in [at, end), none for a deletion. */
  private WordChange change(Word from, int at, int end) {
    int start;
    int stop;
    if (at < end) {
      start = words.get(at).start();
      stop = words.get(end - 1).end();
    } else {
      boolean follows = at > 0 && words.get(at - 1).column() == from.column();
      start = follows ? words.get(at - 1).end() : 0;
      stop = start;
    }
    String to = columnText(from.column()).substring(start, stop);
    return new WordChange(
        from.column(), from.origin(), from.start(), from.end(), from.text(), to, start, stop);
  }

  private String columnText(int column) {
    String pair = input.pair();
    return column == 1 && pair != null ? pair : input.text();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AttackedText t && t.input.equals(input);
  }

  @Override
  public int hashCode() {
    return input.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
