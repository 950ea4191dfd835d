package dev.bulwark.robust.data;

import dev.bulwark.tensor.Rng;
import java.util.List;

/** Training data as batches: what a training run goes through. */
public interface Batches {
  /** Batches in one epoch. */
  int batchesPerEpoch();

  /**
   * The batches of an epoch.
   *
   * @param rng stream of this epoch
   * @return example numbers of each batch, in order
   */
  List<int[]> epoch(Rng rng);

  /**
   * One batch.
   *
   * @param examples example numbers
   * @return the batch, padded to its longest row
   */
  Batch batch(int[] examples);
}
