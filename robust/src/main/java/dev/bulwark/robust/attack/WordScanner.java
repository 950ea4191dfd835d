package dev.bulwark.robust.attack;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the words of a text.
 *
 * <p>A word is a maximal run of letters, digits, combining marks, a few look-alikes of letters that
 * Unicode files elsewhere, and the joiners {@code ' - _ * @}, less the joiners at both its ends. So
 * "don't" and "well-made" are one word each, and quotes stay outside. Case is kept.
 */
final class WordScanner {
  private static final String JOINERS = "'-_*@";

  /** Stand-ins for minus, l and x in homoglyph attacks that are symbols to Unicode. */
  private static final String LOOK_ALIKES = "\u02d7`\u00d7";

  /**
   * Where a word stands.
   *
   * @param start first UTF-16 index
   * @param end end, exclusive
   */
  record Span(int start, int end) {}

  private WordScanner() {}

  static List<Span> scan(String text) {
    List<Span> spans = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = endOfRun(text, at);
      if (end == at) {
        at += Character.charCount(text.codePointAt(at));
      } else {
        addTrimmed(text, at, end, spans);
        at = end;
      }
    }
    return spans;
  }

  private static int endOfRun(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (!isWordPart(c)) {
        break;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  private static void addTrimmed(String text, int from, int to, List<Span> spans) {
    int start = from;
    int end = to;
    while (start < end && JOINERS.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    while (end > start && JOINERS.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    if (start < end) {
      spans.add(new Span(start, end));
    }
  }

  private static boolean isWordPart(int c) {
    return Character.isLetterOrDigit(c)
        || JOINERS.indexOf(c) >= 0
        || LOOK_ALIKES.indexOf(c) >= 0
        || switch (Character.getType(c)) {
          case Character.NON_SPACING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.LETTER_NUMBER,
              Character.OTHER_NUMBER ->
              true;
          default -> false;
        };
  }
}
