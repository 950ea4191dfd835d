package dev.bulwark.robust.data;

import dev.bulwark.tensor.Rng;
import java.util.Arrays;
import java.util.List;

/** Labelled examples, encoded once and cut into batches by an order. */
public final class Batcher implements Batches {
  private final List<List<InputRow>> rows;
  private final int[] lengths;
  private final int[] labels;
  private final int batchSize;
  private final BatchOrder order;
  private final int padId;

  /**
   * Encodes examples once.
   *
   * @param examples at least one
   * @param encoder makes a model's input of a text
   * @param batchSize examples a batch, at least 1
   * @param order which examples meet
   * @throws IllegalArgumentException if there is no example, or the order cannot be kept
   */
  public Batcher(List<Example> examples, InputEncoder encoder, int batchSize, BatchOrder order) {
    if (examples.isEmpty() || batchSize < 1) {
      throw new IllegalArgumentException(
          "batches need at least one example and a batch size of at least 1; got "
              + examples.size()
              + " examples and size "
              + batchSize);
    }
    rows = examples.stream().map(e -> encoder.rows(e.text(), e.pair())).toList();
    lengths =
        rows.stream()
            .mapToInt(r -> r.stream().mapToInt(InputRow::length).max().orElseThrow())
            .toArray();
    labels = examples.stream().mapToInt(Example::label).toArray();
    this.batchSize = batchSize;
    this.order = order;
    padId = encoder.padId();
  }

  @Override
  public int batchesPerEpoch() {
    return epoch(Rng.seed(0)).size();
  }

  @Override
  public List<int[]> epoch(Rng rng) {
    return order.epoch(lengths, labels, batchSize, rng);
  }

  @Override
  public Batch batch(int[] examples) {
    List<InputRow> chosen =
        Arrays.stream(examples).boxed().flatMap(i -> rows.get(i).stream()).toList();
    return Batch.of(chosen, padId, Arrays.stream(examples).map(i -> labels[i]).toArray());
  }
}
