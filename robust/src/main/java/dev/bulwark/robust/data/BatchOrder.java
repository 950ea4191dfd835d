package dev.bulwark.robust.data;

import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which examples meet in a batch. Depends on the stream alone. */
public interface BatchOrder {
  /**
   * Similar lengths together, so that little is padded: examples are shuffled, each window of 50
   * batches is sorted by length, cut, and the batches are shuffled again (as group_by_length of
   * transformers).
   */
  BatchOrder BY_LENGTH =
      (lengths, labels, size, rng) -> {
        int window = 50 * size;
        int[] order = rng.split("examples").permutation(lengths.length);
        List<int[]> batches = new ArrayList<>();
        for (int w = 0; w < order.length; w += window) {
          int[] sorted =
              Arrays.stream(order, w, Math.min(order.length, w + window))
                  .boxed()
                  .sorted(Comparator.comparingInt(i -> -lengths[i]))
                  .mapToInt(Integer::intValue)
                  .toArray();
          for (int b = 0; b < sorted.length; b += size) {
            batches.add(Arrays.copyOfRange(sorted, b, Math.min(sorted.length, b + size)));
          }
        }
        List<int[]> shuffled = new ArrayList<>();
        for (int i : rng.split("batches").permutation(batches.size())) {
          shuffled.add(batches.get(i));
        }
        return shuffled;
      };

  /**
   * The same number of examples of every class, class by class; an epoch ends with the smallest
   * class (RIFT's released code, one data iterator for each class).
   */
  BatchOrder CLASS_BLOCKS =
      (lengths, labels, size, rng) -> {
        int classes = Arrays.stream(labels).max().orElseThrow() + 1;
        int each = size / classes;
        List<int[]> pools = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
          int wanted = c;
          int[] members =
              IntStream.range(0, labels.length).filter(i -> labels[i] == wanted).toArray();
          if (each < 1 || members.length < each) {
            throw new IllegalArgumentException(
                ("batches of %d cannot hold every one of %d classes: class %d has %d examples and"
                        + " needs %d in each batch; raise the batch size to at least the number of"
                        + " classes, and give examples of every class")
                    .formatted(size, classes, c, members.length, Math.max(1, each)));
          }
          int[] order = rng.split("class").split(c).permutation(members.length);
          pools.add(IntStream.of(order).map(i -> members[i]).toArray());
        }
        int batches = pools.stream().mapToInt(p -> p.length / each).min().orElseThrow();
        return IntStream.range(0, batches)
            .mapToObj(b ->
                pools.stream()
                    .flatMapToInt(p -> Arrays.stream(p, b * each, (b + 1) * each))
                    .toArray())
            .toList();
      };

  /**
   * The batches of an epoch.
   *
   * @param lengths tokens of each example
   * @param labels class of each example
   * @param size examples of a batch, at least 1
   * @param rng stream of this epoch
   * @return example numbers of each batch, in order
   * @throws IllegalArgumentException if no such batch can be made
   */
  List<int[]> epoch(int[] lengths, int[] labels, int size, Rng rng);
}
