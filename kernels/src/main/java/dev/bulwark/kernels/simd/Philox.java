package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.G;
import static dev.bulwark.kernels.simd.Lanes.splat;

import dev.bulwark.tensor.Rng;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Philox 4x32-10 on vectors: the very words of {@link Rng}.
 *
 * <p>A lane of 64 bits holds one 32-bit word of one block, upper half zero, since the products are
 * 64 bits wide; a vector holds that word of several blocks.
 */
final class Philox {
  /** Words made at a time: four of each lane. */
  static final int STEP = 4 * G.length();

  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final long LOW = 0xffffffffL;
  private static final LongVector M0_HIGH = splat(M0 << 32);
  private static final LongVector M1_HIGH = splat(M1 << 32);
  private static final LongVector IOTA = LongVector.zero(G).addIndex(1);

  // (a0, a1, ...), (b0, b1, ...) -> (a0, b0, a1, b1, ...)
  private static final VectorShuffle<Long> FIRST = VectorShuffle.fromOp(G, i -> i / 2);
  private static final VectorShuffle<Long> SECOND =
      VectorShuffle.fromOp(G, i -> G.length() / 2 + i / 2);
  private static final VectorMask<Long> ODD = VectorMask.fromLong(G, 0xAAAAAAAAAAAAAAAAL);

  private Philox() {}

  /**
   * Words from, from + 1, ... of a stream.
   *
   * @param rng the stream
   * @param from number of the first word, a multiple of 4
   * @param words receives n words, and arbitrary ones up to the next multiple of {@link #STEP}
   * @param n number of words
   */
  static void fill(Rng rng, long from, int[] words, int n) {
    long k0 = rng.key() & LOW;
    long k1 = rng.key() >>> 32;
    for (int i = 0; i < n; i += STEP) {
      step(k0, k1, (from + i) >>> 2, words, i);
    }
  }

  /** The key of each round, two words each, for {@link #columns}. */
  static long[] roundKeys(Rng rng) {
    long[] keys = new long[20];
    int k0 = (int) rng.key();
    int k1 = (int) (rng.key() >>> 32);
    for (int round = 0; round < 10; round++) {
      keys[2 * round] = (k0 + round * W0) & LOW;
      keys[2 * round + 1] = (k1 + round * W1) & LOW;
    }
    return keys;
  }

  /**
   * All words of each of L rows of blocks: word w of block j of row i goes to words[at + (4 j + w)
   * * ld + i].
   *
   * @param keys of {@link #roundKeys}
   * @param block number of the first block
   * @param row blocks of a row; rows follow each other
   * @param words receives 4 row lines of L words
   * @param at place of word 0 of the first block
   * @param ld distance of lines
   */
  static void columns(long[] keys, long block, int row, int[] words, int at, int ld) {
    // The upper halves hold anything during the rounds and are cut off before a product. Cutting
    // and shifting tell the compiler that 32 by 32 bits are multiplied: one instruction. No helper
    // methods here: with them there is too much to inline, and vectors turn into objects.
    LongVector m0 = M0_HIGH.lanewise(VectorOperators.LSHR, 32);
    LongVector m1 = M1_HIGH.lanewise(VectorOperators.LSHR, 32);
    LongVector blocks = IOTA.mul(2L * row).add(block);
    // Even and odd rows side by side, in the end put into the two halves of each lane.
    for (int j = 0; j < row; j++) {
      LongVector c0 = blocks.add(j);
      LongVector d0 = blocks.add((long) row + j);
      LongVector c1 = c0.lanewise(VectorOperators.LSHR, 32);
      LongVector d1 = d0.lanewise(VectorOperators.LSHR, 32);
      LongVector c2 = LongVector.zero(G);
      LongVector d2 = c2;
      LongVector c3 = c2;
      LongVector d3 = c2;
      for (int k = 0; k < 20; k += 2) {
        LongVector p0 = c0.and(LOW).mul(m0);
        LongVector q0 = d0.and(LOW).mul(m0);
        LongVector p1 = c2.and(LOW).mul(m1);
        LongVector q1 = d2.and(LOW).mul(m1);
        LongVector key0 = LongVector.broadcast(G, keys[k]);
        LongVector key1 = LongVector.broadcast(G, keys[k + 1]);
        c0 = p1.lanewise(VectorOperators.LSHR, 32);
        c0 = c0.lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, key0);
        d0 = q1.lanewise(VectorOperators.LSHR, 32);
        d0 = d0.lanewise(VectorOperators.XOR, d1).lanewise(VectorOperators.XOR, key0);
        c2 = p0.lanewise(VectorOperators.LSHR, 32);
        c2 = c2.lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, key1);
        d2 = q0.lanewise(VectorOperators.LSHR, 32);
        d2 = d2.lanewise(VectorOperators.XOR, d3).lanewise(VectorOperators.XOR, key1);
        c1 = p1;
        d1 = q1;
        c3 = p0;
        d3 = q0;
      }
      int to = at + 4 * j * ld;
      LongVector both0 = c0.and(LOW).or(d0.lanewise(VectorOperators.LSHL, 32));
      both0.reinterpretAsInts().intoArray(words, to);
      LongVector both1 = c1.and(LOW).or(d1.lanewise(VectorOperators.LSHL, 32));
      both1.reinterpretAsInts().intoArray(words, to + ld);
      LongVector both2 = c2.and(LOW).or(d2.lanewise(VectorOperators.LSHL, 32));
      both2.reinterpretAsInts().intoArray(words, to + 2 * ld);
      LongVector both3 = c3.and(LOW).or(d3.lanewise(VectorOperators.LSHL, 32));
      both3.reinterpretAsInts().intoArray(words, to + 3 * ld);
    }
  }

  private static void step(long k0, long k1, long block, int[] words, int at) {
    LongVector counter = IOTA.add(block);
    LongVector c0 = counter;
    LongVector c1 = counter.lanewise(VectorOperators.LSHR, 32);
    LongVector c2 = LongVector.zero(G);
    LongVector c3 = c2;
    LongVector key0 = splat(k0);
    LongVector key1 = splat(k1);
    for (int round = 0; round < 10; round++) {
      // Upper halves hold anything: "and" clears them, and tells the compiler that the product is
      // one of 32 bits, a single instruction.
      LongVector p0 = c0.and(LOW).mul(splat(M0).and(LOW));
      LongVector p1 = c2.and(LOW).mul(splat(M1).and(LOW));
      c0 = p1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c1);
      c0 = c0.lanewise(VectorOperators.XOR, key0);
      c2 = p0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c3);
      c2 = c2.lanewise(VectorOperators.XOR, key1);
      c1 = p1;
      c3 = p0;
      key0 = key0.add(splat(W0 & LOW));
      key1 = key1.add(splat(W1 & LOW));
    }
    LongVector front = c1.lanewise(VectorOperators.LSHL, 32).or(c0.and(LOW));
    LongVector back = c3.lanewise(VectorOperators.LSHL, 32).or(c2.and(LOW));
    LongVector low = front.rearrange(FIRST).blend(back.rearrange(FIRST), ODD);
    LongVector high = front.rearrange(SECOND).blend(back.rearrange(SECOND), ODD);
    low.reinterpretAsInts().intoArray(words, at);
    high.reinterpretAsInts().intoArray(words, at + 2 * G.length());
  }
}
