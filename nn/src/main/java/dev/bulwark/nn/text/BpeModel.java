package dev.bulwark.nn.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding (Sennrich et al. 2016) of one word: starting from its bytes, the pair of
 * neighbours that was learnt first is joined, the leftmost of equals, until no pair is known.
 */
final class BpeModel {
  private static final int END = -1;
  private static final int GONE = -2;

  /** A learnt pair. */
  private record Merge(int rank, int result) {}

  /** A pair of neighbours in a word: of two adjacent symbols as they were when it was found. */
  private record Candidate(int rank, int at, int left, int right, int result)
      implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate o) {
      return rank != o.rank ? Integer.compare(rank, o.rank) : Integer.compare(at, o.at);
    }
  }

  private final int[] bytes = new int[ByteAlphabet.BYTES]; // id of each byte
  private final Map<Long, Merge> merges;

  /**
   * A model.
   *
   * @param vocabulary all tokens
   * @param pairs learnt pairs, the first learnt first
   * @param where what to call the source in messages
   * @throws IllegalArgumentException if a byte, a part of a pair or the joined pair is not in the
   *     vocabulary, or a pair is there twice
   */
  BpeModel(Vocabulary vocabulary, List<String[]> pairs, String where) {
    for (int b = 0; b < bytes.length; b++) {
      bytes[b] = id(vocabulary, String.valueOf(ByteAlphabet.of(b)), where, "byte " + b);
    }
    merges = HashMap.newHashMap(pairs.size());
    for (int rank = 0; rank < pairs.size(); rank++) {
      String[] pair = pairs.get(rank);
      String place = "merge " + rank;
      int left = id(vocabulary, pair[0], where, place);
      int right = id(vocabulary, pair[1], where, place);
      Merge merge = new Merge(rank, id(vocabulary, pair[0] + pair[1], where, place));
      if (merges.putIfAbsent(key(left, right), merge) != null) {
        throw new IllegalArgumentException(
            "%s, %s: the pair '%s %s' is there already.".formatted(where, place, pair[0], pair[1]));
      }
    }
  }

  private static int id(Vocabulary vocabulary, String token, String where, String place) {
    return vocabulary
        .id(token)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s, %s: the vocabulary lacks '%s'; do the two files belong together?"
                    .formatted(where, place, token)));
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  /** Receives the pieces of a word. */
  @FunctionalInterface
  interface Pieces {
    /** A piece of {@code word[from, to)}. */
    void add(int id, int from, int to);
  }

  /** Cuts a word, given as UTF-8, into pieces; time grows as n log n. */
  void split(byte[] word, Pieces pieces) {
    int n = word.length;
    int[] ids = new int[n]; // of the symbol that starts here
    int[] next = new int[n]; // where the symbol after it starts
    int[] before = new int[n];
    for (int i = 0; i < n; i++) {
      ids[i] = bytes[word[i] & 0xFF];
      next[i] = i + 1 < n ? i + 1 : END;
      before[i] = i - 1;
    }
    PriorityQueue<Candidate> queue = new PriorityQueue<>();
    for (int i = 0; i + 1 < n; i++) {
      offer(queue, ids, next, i);
    }
    while (!queue.isEmpty()) {
      Candidate c = queue.remove();
      int right = next[c.at()];
      if (ids[c.at()] != c.left() || right < 0 || ids[right] != c.right()) {
        continue; // one of the two was joined otherwise since
      }
      ids[c.at()] = c.result();
      ids[right] = GONE;
      next[c.at()] = next[right];
      if (next[right] >= 0) {
        before[next[right]] = c.at();
      }
      offer(queue, ids, next, c.at());
      if (before[c.at()] >= 0) {
        offer(queue, ids, next, before[c.at()]);
      }
    }
    for (int at = n == 0 ? END : 0; at >= 0; at = next[at]) {
      pieces.add(ids[at], at, next[at] < 0 ? n : next[at]);
    }
  }

  private void offer(PriorityQueue<Candidate> queue, int[] ids, int[] next, int at) {
    if (next[at] >= 0) {
      Merge m = merges.get(key(ids[at], ids[next[at]]));
      if (m != null) {
        queue.add(new Candidate(m.rank(), at, ids[at], ids[next[at]], m.result()));
      }
    }
  }

  /** The learnt pairs as {@code merges.txt} has them, in order. */
  List<String> lines(Vocabulary vocabulary) {
    String[] lines = new String[merges.size()];
    merges.forEach((key, m) ->
        lines[m.rank()] =
            vocabulary.token((int) (key >> 32)) + " " + vocabulary.token((int) (long) key));
    return Arrays.asList(lines);
  }
}
