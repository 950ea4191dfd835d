package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.backend.AttentionSpec;

/**
 * Dropout of probabilities, the same for all heads.
 *
 * @param threshold what a random word must at least be for a probability to stay; 0 without dropout
 * @param grown factor of those that stay
 * @param roundKeys for {@link Philox#columns}
 * @param bases first element of each sequence in the stream
 */
record HeadDropout(int threshold, float grown, long[] roundKeys, long[] bases) {
  static HeadDropout of(AttentionSpec spec, int heads) {
    return new HeadDropout(
        spec.dropout() > 0 ? Rng.threshold(spec.dropout()) : 0,
        (float) (1 / (1 - spec.dropout())),
        Philox.roundKeys(spec.rng()),
        spec.dropoutBases(heads));
  }

  boolean isOn() {
    return threshold != 0;
  }

  /** Number of the first block of random words of a query. */
  long firstWords(Heads.Head h, int query) {
    int row = (h.tokens() + 3) / 4; // blocks of one query
    return bases[h.sequence()] / 4 + ((long) h.head() * h.tokens() + query) * row;
  }
}
