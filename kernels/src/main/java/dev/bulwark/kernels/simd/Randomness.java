package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.tail;
import static dev.bulwark.kernels.simd.Lanes.zero;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import jdk.incubator.vector.VectorOperators;

/** Kernels that draw from a Philox stream into contiguous tensors, a block of words at a time. */
final class Randomness {
  private static final int BLOCK = 1024; // words; a multiple of Philox.STEP, small enough for L1
  private static final int PIECE = 16 * BLOCK;

  private Randomness() {}

  /** What is done with the words of elements from to from + n. */
  private interface Use {
    void use(int[] words, int from, int n);
  }

  private static void draw(Rng rng, int size, Use use) {
    Parallel.range(
        size,
        PIECE,
        (from, to) -> {
          int[] words = Scratch.get().ints(BLOCK);
          for (int i = from; i < to; i += BLOCK) {
            int n = Math.min(BLOCK, to - i);
            Philox.fill(rng, i, words, n);
            use.use(words, i, n);
          }
        });
  }

  static void dropout(Tensor x, double p, Rng rng, Tensor y) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    int threshold = Rng.threshold(p);
    float grown = (float) (1 / (1 - p));
    draw(
        rng,
        x.size(),
        (words, from, n) ->
            drop(words, threshold, grown, xs, x.offset() + from, ys, y.offset() + from, n));
  }

  private static void drop(
      int[] words, int threshold, float grown, float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      var kept = load(words, i).compare(VectorOperators.UGE, threshold).cast(F);
      zero().blend(load(x, xo + i).mul(grown), kept).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      var kept = load(words, i).compare(VectorOperators.UGE, threshold).cast(F);
      zero().blend(load(x, xo + i, m).mul(grown), kept).intoArray(y, yo + i, m);
    }
  }

  /** In double and rounded once, so that every back end draws the same floats. */
  static void uniform(Rng rng, double low, double high, Tensor y) {
    float[] ys = y.heap().floats();
    draw(
        rng,
        y.size(),
        (words, from, n) -> {
          int yo = y.offset() + from;
          for (int i = 0; i < n; i++) {
            ys[yo + i] = (float) (low + (high - low) * Rng.toUniform(words[i]));
          }
        });
  }

  static void bernoulli(Rng rng, double p, Tensor y) {
    float[] ys = y.heap().floats();
    int threshold = Rng.threshold(p);
    draw(
        rng,
        y.size(),
        (words, from, n) -> {
          int yo = y.offset() + from;
          for (int i = 0; i < n; i++) {
            ys[yo + i] = Integer.compareUnsigned(words[i], threshold) < 0 ? 1 : 0;
          }
        });
  }
}
