package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.Rng;

/**
 * Scaled dot-product attention over sequences laid end to end.
 *
 * <p>Sequence b holds tokens offsets[b] to offsets[b + 1] of the T tokens; tokens see only their
 * own sequence. A padded batch is the case offsets = 0, S, 2S, ... with a key bias on the padding.
 *
 * <p>Dropout of the probability of (sequence b, head a, query i, key j) uses element {@code base_b
 * + (a * S_b + i) * R_b + j} of the Philox stream, where S_b is the sequence's length, R_b that
 * length rounded up to a multiple of 4, and base_b the sum of heads * S * R over the sequences
 * before.
 *
 * @param offsets cumulative lengths, B + 1 ascending numbers from 0 to T
 * @param scale factor of the scores, usually 1 / sqrt(D)
 * @param dropout probability in [0, 1) that a probability is zeroed; survivors grow by 1 / (1 - p)
 * @param rng stream of the dropout
 */
public record AttentionSpec(int[] offsets, double scale, double dropout, Rng rng) {
  /**
   * Number of sequences.
   *
   * @return B
   */
  public int sequences() {
    return offsets.length - 1;
  }

  /**
   * First element of each sequence in the dropout stream.
   *
   * @param heads number of heads
   * @return B numbers
   */
  public long[] dropoutBases(int heads) {
    long[] bases = new long[sequences()];
    for (int b = 1; b < bases.length; b++) {
      long s = offsets[b] - (long) offsets[b - 1];
      bases[b] = bases[b - 1] + heads * s * ((s + 3) / 4 * 4);
    }
    return bases;
  }
}
