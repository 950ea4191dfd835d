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

  /**
   * Four words of each of L blocks: word w of block i goes to words[at + w * ld + i].
   *
   * @param rng the stream
   * @param block number of the first block
   * @param stride distance of the blocks
   * @param words receives four lines of L words
   * @param at place of word 0 of the first block
   * @param ld distance of lines
   */
  static void columns(Rng rng, long block, long stride, int[] words, int at, int ld) {
    int k0 = (int) rng.key();
    int k1 = (int) (rng.key() >>> 32);
    // Even blocks first, odd blocks then put into the upper halves: the ints come out in order.
    LongVector even = IOTA.mul(2 * stride).add(block);
    columns(k0, k1, even, words, at, ld, false);
    columns(k0, k1, even.add(stride), words, at, ld, true);
  }

  private static void columns(
      int k0, int k1, LongVector counter, int[] words, int at, int ld, boolean odd) {
    LongVector c0 = counter.and(LOW);
    LongVector c1 = counter.lanewise(VectorOperators.LSHR, 32);
    LongVector c2 = LongVector.zero(G);
    LongVector c3 = LongVector.zero(G);
    int key0 = k0;
    int key1 = k1;
    for (int round = 0; round < 10; round++) {
      LongVector p0 = c0.and(LOW).mul(splat(M0));
      LongVector p1 = c2.and(LOW).mul(splat(M1));
      c0 = p1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c1);
      c0 = c0.lanewise(VectorOperators.XOR, splat(key0 & LOW));
      c2 = p0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c3);
      c2 = c2.lanewise(VectorOperators.XOR, splat(key1 & LOW));
      c1 = p1.and(LOW);
      c3 = p0.and(LOW);
      key0 += W0;
      key1 += W1;
    }
    if (odd) {
      c0 = over(c0, words, at);
      c1 = over(c1, words, at + ld);
      c2 = over(c2, words, at + 2 * ld);
      c3 = over(c3, words, at + 3 * ld);
    }
    c0.reinterpretAsInts().intoArray(words, at);
    c1.reinterpretAsInts().intoArray(words, at + ld);
    c2.reinterpretAsInts().intoArray(words, at + 2 * ld);
    c3.reinterpretAsInts().intoArray(words, at + 3 * ld);
  }

  private static LongVector over(LongVector odd, int[] words, int at) {
    LongVector even = Lanes.load(words, at).reinterpretAsLongs();
    return odd.lanewise(VectorOperators.LSHL, 32).or(even);
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
