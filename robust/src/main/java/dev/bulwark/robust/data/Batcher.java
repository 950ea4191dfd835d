package dev.bulwark.robust.data;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.text.EncodeOptions;
import dev.bulwark.nn.text.Encoding;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Truncation;
import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts tokenised examples into batches of similar length, so that little is padded.
 *
 * <p>An epoch's order is random but for the bucketing: examples are shuffled, each window of 50
 * batches is sorted by length, cut, and the batches are shuffled again (as group_by_length of
 * transformers). It depends on the seed and the epoch alone.
 */
public final class Batcher {
  private static final int WINDOW = 50;

  private final List<Encoding> encodings;
  private final int[] labels;
  private final int batchSize;
  private final int padId;

  /**
   * Tokenises examples once.
   *
   * @param examples at least one
   * @param tokenizer the model's tokenizer
   * @param maxLength longest sequence in tokens, special tokens included; longer ones are cut
   * @param batchSize sequences per batch, at least 1
   */
  public Batcher(List<Example> examples, Tokenizer tokenizer, int maxLength, int batchSize) {
    if (examples.isEmpty() || batchSize < 1) {
      throw new IllegalArgumentException(
          "batches need at least one example and a batch size of at least 1; got "
              + examples.size()
              + " examples and size "
              + batchSize);
    }
    EncodeOptions options = new EncodeOptions(maxLength, Truncation.LONGEST_FIRST, true);
    encodings = examples.stream().map(e -> tokenizer.encode(e.text(), e.pair(), options)).toList();
    labels = examples.stream().mapToInt(Example::label).toArray();
    this.batchSize = batchSize;
    padId = tokenizer.padId();
  }

  /** Batches in one epoch. */
  public int batchesPerEpoch() {
    return (labels.length + batchSize - 1) / batchSize;
  }

  /**
   * The batches of an epoch.
   *
   * @param rng stream of this epoch
   * @return example numbers of each batch, in order
   */
  public List<int[]> epoch(Rng rng) {
    int[] order = rng.split("examples").permutation(labels.length);
    List<int[]> batches = new ArrayList<>();
    for (int w = 0; w < order.length; w += WINDOW * batchSize) {
      int[] window =
          Arrays.stream(order, w, Math.min(order.length, w + WINDOW * batchSize))
              .boxed()
              .sorted(Comparator.comparingInt(i -> -encodings.get(i).length()))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int b = 0; b < window.length; b += batchSize) {
        batches.add(Arrays.copyOfRange(window, b, Math.min(window.length, b + batchSize)));
      }
    }
    List<int[]> shuffled = new ArrayList<>();
    for (int i : rng.split("batches").permutation(batches.size())) {
      shuffled.add(batches.get(i));
    }
    return shuffled;
  }

  /**
   * One batch.
   *
   * @param examples example numbers
   * @return the batch, padded to its longest sequence
   */
  public Batch batch(int[] examples) {
    List<Encoding> chosen = Arrays.stream(examples).mapToObj(encodings::get).toList();
    int[] chosenLabels = Arrays.stream(examples).map(i -> labels[i]).toArray();
    return new Batch(TokenBatch.of(chosen, padId), chosenLabels);
  }
}
