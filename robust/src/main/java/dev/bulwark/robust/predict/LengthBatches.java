package dev.bulwark.robust.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts sequences into batches of similar length and about the same number of tokens. */
final class LengthBatches {
  private LengthBatches() {}

  /**
   * Numbers of the sequences of each batch, longest first.
   *
   * @param lengths tokens of each sequence
   * @param tokens about how many tokens a batch holds, padding included
   * @return batches that together hold each sequence once
   */
  static List<int[]> of(int[] lengths, int tokens) {
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> -lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int from = 0;
    while (from < order.length) {
      int size = Math.max(1, tokens / lengths[order[from]]);
      int to = Math.min(order.length, from + size);
      batches.add(Arrays.copyOfRange(order, from, to));
      from = to;
    }
    return batches;
  }
}
