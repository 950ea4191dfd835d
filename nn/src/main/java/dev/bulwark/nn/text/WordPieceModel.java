package dev.bulwark.nn.text;

import java.util.Map;

/**
 * Cuts words into the longest pieces a vocabulary has, from left to right. One trie serves both
 * first pieces and the others: the latter are looked up from the node of the prefix {@code ##}.
 */
final class WordPieceModel implements WordSplitter {
  private final CharTrie trie;
  private final int continuation;
  private final int unknownId;
  private final int maxCharsPerWord;

  /**
   * A model.
   *
   * @param pieces the tokens words may be cut into, with their ids
   * @param prefix what marks a piece that does not start a word
   * @param unknownId id for a word that cannot be cut
   * @param maxCharsPerWord longer words, in code points, are unknown
   */
  WordPieceModel(Map<String, Integer> pieces, String prefix, int unknownId, int maxCharsPerWord) {
    trie = new CharTrie(pieces);
    continuation = trie.walk(prefix);
    this.unknownId = unknownId;
    this.maxCharsPerWord = maxCharsPerWord;
  }

  @Override
  public int unknownId() {
    return unknownId;
  }

  @Override
  public int maxCharsPerWord() {
    return maxCharsPerWord;
  }

  @Override
  public boolean split(char[] word, int length, int[] from, int[] to, int number, TokenRow row) {
    int size = row.size();
    int root = CharTrie.ROOT;
    for (int at = 0; at < length; root = continuation) {
      int piece = CharTrie.NONE;
      int end = at;
      int node = root;
      for (int i = at; i < length && node != CharTrie.NONE; i++) {
        node = trie.child(node, word[i]);
        if (node != CharTrie.NONE && trie.value(node) != CharTrie.NONE) {
          piece = trie.value(node);
          end = i + 1;
        }
      }
      if (piece == CharTrie.NONE) {
        row.cut(size);
        return false;
      }
      row.add(piece, from[at], to[end - 1], number);
      at = end;
    }
    return true;
  }
}
