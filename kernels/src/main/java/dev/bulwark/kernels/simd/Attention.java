package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Heads.W;

import dev.bulwark.kernels.simd.Heads.Head;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Attention, forward: one head of one sequence after the other, {@link Heads#W} queries at a time.
 *
 * <p>The scores of a block are kept with the keys down and the queries across, [S][W]. So softmax
 * runs over keys with a query in each lane and never adds lanes up, and the block is already packed
 * as the left operand of the product with the values. Nothing larger than S x W is ever stored.
 */
final class Attention {
  private static final int VALUES = Scratch.ATTENTION + 2;
  private static final int TURNED_QUERIES = Scratch.ATTENTION + 3;
  private static final int SCORES = Scratch.ATTENTION + 4;
  private static final int OUT = Scratch.ATTENTION + 5;
  private static final int QUERIES = Scratch.ATTENTION + 6;
  private static final int KEYS = Scratch.ATTENTION + 7;
  private static final float[] NONE = {};

  private final AttentionSpec spec;
  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final @Nullable Tensor keyBias;
  private final Tensor out;
  private final Tensor logSums;
  private final HeadDropout dropout;

  private Attention(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums) {
    this.spec = spec;
    this.q = q;
    this.k = k;
    this.v = v;
    this.keyBias = keyBias;
    this.out = out;
    this.logSums = logSums;
    this.dropout = HeadDropout.of(spec, q.dim(1));
  }

  /** q, k, v, out [T, A, D] with contiguous last axis, any other strides; logSums [T, A]. */
  static void forward(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums) {
    Attention attention = new Attention(spec, q, k, v, keyBias, out, logSums);
    Heads.forEach(spec, q.dim(1), q.dim(2), attention::head);
  }

  private void head(Head h) {
    int n = h.tokens();
    Scratch scratch = Scratch.get();
    float[] queries = Heads.copy(h, q, QUERIES);
    float[] keys = Heads.copy(h, k, KEYS);
    float[] values = Heads.copy(h, v, VALUES);
    float[] turnedQueries = scratch.floats(TURNED_QUERIES, h.features() * W);
    float[] scores = scratch.floats(SCORES, h.paddedTokens() * W);
    float[] bias = Heads.biases(h, keyBias);
    HeadBlock block = new HeadBlock(n, (float) spec.scale(), bias, scores, NONE, dropout);
    for (int i0 = 0; i0 < n; i0 += W) {
      block.queries = Math.min(W, n - i0);
      block.firstWords = dropout.firstWords(h, i0);
      Heads.turn(h, queries, i0, turnedQueries);
      Heads.products(h, keys, turnedQueries, block.queries, scores);
      block.run(HeadBlock.MAXIMA);
      if (dropout.isOn()) {
        block.run(HeadBlock.WORDS);
        block.run(HeadBlock.KEPT_EXPONENTIALS);
      } else {
        block.run(HeadBlock.EXPONENTIALS);
      }
      block.run(HeadBlock.FACTORS);
      block.run(HeadBlock.LOGS);
      storeLogs(h, i0, block.queries, block.sums);
      multiply(h, i0, scores, values, block.factors);
    }
  }

  private void storeLogs(Head h, int i0, int n, float[] logs) {
    float[] sums = logSums.heap().floats();
    int at = h.at(logSums) + i0 * logSums.stride(0);
    for (int i = 0; i < n; i++) {
      sums[at + i * logSums.stride(0)] = logs[i];
    }
  }

  /** out rows of a block = exponentials x values, times a factor for each row. */
  private void multiply(Head h, int i0, float[] scores, float[] values, float[] factors) {
    int ld = h.paddedFeatures();
    int n = Math.min(W, h.tokens() - i0);
    float[] rows = Scratch.get().floats(OUT, W * ld);
    for (int i = 0; i < n; i += GemmTiles.ROWS) {
      for (int d = 0; d < h.features(); d += W) {
        HeadTiles.down(h.tokens(), scores, i, values, d, ld, rows, i * ld + d, ld);
      }
    }
    Heads.store(h, rows, n, factors, out, i0);
  }
}
