package dev.bulwark.nn.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds added tokens in raw text: the leftmost match, the longest of those that start there. */
final class AddedTokens {
  /** One occurrence: {@code text[from, to)}, stripped blanks included. */
  record Match(AddedToken token, int from, int to) {}

  private final List<AddedToken> tokens;
  private final CharTrie trie; // value = index into tokens
  private final int firstChar; // the char all of them start with, -1 if they differ

  AddedTokens(List<AddedToken> tokens) {
    this.tokens = List.copyOf(tokens);
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < tokens.size(); i++) {
      indices.put(tokens.get(i).content(), i);
    }
    trie = new CharTrie(indices);
    long different = tokens.stream().mapToInt(t -> t.content().charAt(0)).distinct().count();
    firstChar = different == 1 ? tokens.getFirst().content().charAt(0) : -1;
  }

  List<AddedToken> tokens() {
    return tokens;
  }

  /** The first match at or after {@code from}, which is where the last one ended, or null. */
  @Nullable Match next(String text, int from) {
    for (int at = candidate(text, from); at >= 0; at = candidate(text, at)) {
      int index = longest(text, at);
      if (index == CharTrie.NONE) {
        at++;
        continue;
      }
      AddedToken token = tokens.get(index);
      int end = at + token.content().length();
      if (!token.singleWord() || standsAlone(text, at, end)) {
        return strip(text, from, token, at, end);
      }
      at = end;
    }
    return null;
  }

  private int candidate(String text, int from) {
    if (firstChar >= 0) {
      return text.indexOf(firstChar, from);
    }
    for (int at = from; at < text.length(); at++) {
      if (trie.child(CharTrie.ROOT, text.charAt(at)) != CharTrie.NONE) {
        return at;
      }
    }
    return -1;
  }

  private int longest(String text, int from) {
    int best = CharTrie.NONE;
    int node = CharTrie.ROOT;
    for (int i = from; i < text.length(); i++) {
      node = trie.child(node, text.charAt(i));
      if (node == CharTrie.NONE) {
        break;
      }
      if (trie.value(node) != CharTrie.NONE) {
        best = trie.value(node);
      }
    }
    return best;
  }

  private static Match strip(String text, int from, AddedToken token, int start, int end) {
    int left = start;
    int right = end;
    while (token.leftStrip() && left > from && blank(text.charAt(left - 1))) {
      left--;
    }
    while (token.rightStrip() && right < text.length() && blank(text.charAt(right))) {
      right++;
    }
    return new Match(token, left, right);
  }

  private static boolean blank(char c) {
    return (BertUnicode.entry(c) & BertUnicode.BLANK) != 0;
  }

  private static boolean standsAlone(String text, int start, int end) {
    return (start == 0 || !wordPart(text.codePointBefore(start)))
        && (end == text.length() || !wordPart(text.codePointAt(end)));
  }

  /** A word character in the sense of Unicode regular expressions, UTS 18 annex C. */
  private static boolean wordPart(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.CONNECTOR_PUNCTUATION ->
          true;
      default -> Character.isAlphabetic(c) || c == 0x200C || c == 0x200D; // the two joiners
    };
  }
}
