package dev.bulwark.robust.data;

import dev.bulwark.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Windows of questions as batches. The labels of B rows are 2B: all starts, then all ends. */
public final class SpanBatcher implements Batches {
  private final List<SpanFeature> features;
  private final int[] lengths;
  private final int batchSize;
  private final int padId;

  /**
   * Takes windows.
   *
   * @param features at least one
   * @param padId the padding token
   * @param batchSize windows a batch, at least 1
   * @throws IllegalArgumentException if there is no window or the size is below 1
   */
  public SpanBatcher(List<SpanFeature> features, int padId, int batchSize) {
    if (features.isEmpty() || batchSize < 1) {
      throw new IllegalArgumentException(
          "batches need at least one window and a batch size of at least 1; got %d and %d"
              .formatted(features.size(), batchSize));
    }
    this.features = List.copyOf(features);
    this.lengths = features.stream().mapToInt(f -> f.row().length()).toArray();
    this.batchSize = batchSize;
    this.padId = padId;
  }

  @Override
  public int batchesPerEpoch() {
    return epoch(Rng.seed(0)).size();
  }

  @Override
  public List<int[]> epoch(Rng rng) {
    return BatchOrder.BY_LENGTH.epoch(lengths, new int[0], batchSize, rng);
  }

  @Override
  public Batch batch(int[] examples) {
    return batch(Arrays.stream(examples).mapToObj(features::get).toList(), padId);
  }

  /**
   * One batch of windows.
   *
   * @param windows B of them
   * @param padId the padding token
   * @return B rows and 2B labels
   */
  public static Batch batch(List<SpanFeature> windows, int padId) {
    int[] labels =
        IntStream.concat(
                windows.stream().mapToInt(SpanFeature::startLabel),
                windows.stream().mapToInt(SpanFeature::endLabel))
            .toArray();
    return Batch.of(windows.stream().map(SpanFeature::row).toList(), padId, labels);
  }
}
