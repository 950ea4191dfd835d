package dev.bulwark.robust.predict;

import dev.bulwark.nn.text.Encoding;
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
   * @param encodings the sequences
   * @param tokens about how many tokens a batch holds, padding included
   * @return batches that together hold each sequence once
   */
  static List<int[]> of(List<Encoding> encodings, int tokens) {
    int[] order =
        IntStream.range(0, encodings.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -encodings.get(i).length()))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int from = 0;
    while (from < order.length) {
      int size = Math.max(1, tokens / encodings.get(order[from]).length());
      int to = Math.min(order.length, from + size);
      batches.add(Arrays.copyOfRange(order, from, to));
      from = to;
    }
    return batches;
  }
}
