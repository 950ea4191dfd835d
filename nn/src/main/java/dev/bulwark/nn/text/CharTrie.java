package dev.bulwark.nn.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/**
 * A trie over UTF-16 chars, laid out as one open-addressing table: a node is the slot in which the
 * edge that leads to it was put. A step is one multiplication and, nearly always, one probe.
 */
final class CharTrie {
  /** The node all words start from. */
  static final int ROOT = 0;

  /** What {@link #child} returns when there is no such edge, {@link #value} when no word ends. */
  static final int NONE = -1;

  // key = parent << 16 | char, plus 1 so that 0 means an empty slot; node = slot + 1.
  private final long[] keys;
  private final int[] values;
  private final int mask;
  private final int shift;

  /** A trie of words, each with a value of 0 or more. */
  CharTrie(Map<String, Integer> words) {
    int slots = Math.max(2, Integer.highestOneBit(prefixes(words.keySet()) + 1) << 2);
    keys = new long[slots];
    values = new int[slots + 1];
    Arrays.fill(values, NONE);
    mask = slots - 1;
    shift = Long.numberOfLeadingZeros(mask);
    words.forEach(this::put);
  }

  /** Number of different prefixes, which is the number of nodes. */
  private static int prefixes(Collection<String> words) {
    String[] sorted = words.toArray(String[]::new);
    Arrays.sort(sorted);
    String before = "";
    long count = 0;
    for (String word : sorted) {
      int shared = Math.max(0, Arrays.mismatch(before.toCharArray(), word.toCharArray()));
      count += word.length() - Math.min(shared, word.length());
      before = word;
    }
    if (count > 1 << 27) {
      throw new IllegalArgumentException(
          "The vocabulary has " + count + " different prefixes, more than can be indexed.");
    }
    return (int) count;
  }

  private void put(String word, int value) {
    int node = ROOT;
    for (int i = 0; i < word.length(); i++) {
      long key = key(node, word.charAt(i));
      int slot = slot(key);
      keys[slot] = key;
      node = slot + 1;
    }
    values[node] = value;
  }

  /** The node that {@code c} leads to, or {@link #NONE}. */
  int child(int node, char c) {
    long key = key(node, c);
    int slot = slot(key);
    return keys[slot] == key ? slot + 1 : NONE;
  }

  /** The node that a whole string leads to from the root, or {@link #NONE}. */
  int walk(String prefix) {
    int node = ROOT;
    for (int i = 0; i < prefix.length() && node != NONE; i++) {
      node = child(node, prefix.charAt(i));
    }
    return node;
  }

  /** The value of the word that ends in a node, or {@link #NONE}. */
  int value(int node) {
    return values[node];
  }

  private static long key(int node, char c) {
    return ((long) node << 16 | c) + 1;
  }

  /** Where a key is, or the empty slot where it would be. */
  private int slot(long key) {
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
    while (keys[slot] != key && keys[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
