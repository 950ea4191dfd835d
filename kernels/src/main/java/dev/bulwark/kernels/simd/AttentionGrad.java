package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Heads.W;

import dev.bulwark.kernels.simd.Heads.Head;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Attention, backward: probabilities are recomputed from the stored log sums, {@link Heads#W}
 * queries at a time, in the layout of {@link Attention}.
 *
 * <p>With P the probabilities, M the dropout factors (0 or 1 / (1 - p)) and dP = dOut vᵀ:
 *
 * <pre>
 * dV = (P M)ᵀ dOut
 * dS = scale P (M dP - dot)
 * dQ = dS k
 * dK = dSᵀ q
 * </pre>
 *
 * where dot, the sum over keys of P M dP, is out · dOut. Constant factors (scale, 1 / (1 - p)) are
 * left to the last step, when dQ, dK and dV are written. dQ is done with a block; dK and dV grow
 * from block to block, in order.
 */
final class AttentionGrad {
  private static final int TURNED = Scratch.ATTENTION + 1;
  private static final int PROBABILITIES = Scratch.ATTENTION + 2;
  private static final int ROWS = Scratch.ATTENTION + 3;
  private static final int KEYS = Scratch.ATTENTION + 4;
  private static final int QUERIES = Scratch.ATTENTION + 5;
  private static final int GRAD = Scratch.ATTENTION + 6;
  private static final int SCORE_GRAD = Scratch.ATTENTION + 7;
  private static final int KEY_GRAD = Scratch.ATTENTION + 8;
  private static final int VALUE_GRAD = Scratch.ATTENTION + 9;
  private static final int VALUES = Scratch.ATTENTION + 10;

  private final @Nullable Tensor keyBias;
  private final Tensor logSums;
  private final HeadDropout dropout;
  private final float scale;

  private AttentionGrad(AttentionSpec spec, int heads, @Nullable Tensor keyBias, Tensor logSums) {
    this.keyBias = keyBias;
    this.logSums = logSums;
    this.dropout = HeadDropout.of(spec, heads);
    this.scale = (float) spec.scale();
  }

  /** All [T, A, D] with contiguous last axis, any other strides; logSums [T, A]. */
  static void backward(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    AttentionGrad grad = new AttentionGrad(spec, q.dim(1), keyBias, logSums);
    Heads.forEach(spec, q.dim(1), q.dim(2), h -> grad.head(h, q, k, v, out, dOut, dq, dk, dv));
  }

  private void head(
      Head h,
      Tensor q,
      Tensor k,
      Tensor v,
      Tensor out,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    int n = h.tokens();
    int ld = h.paddedFeatures();
    float grown = dropout.grown();
    Scratch scratch = Scratch.get();
    float[] turned = scratch.floats(TURNED, h.features() * W);
    float[] queries = Heads.copy(h, q, QUERIES);
    float[] keys = Heads.copy(h, k, KEYS);
    float[] values = Heads.copy(h, v, VALUES);
    float[] grad = Heads.copy(h, dOut, GRAD);
    float[] p = scratch.floats(PROBABILITIES, h.paddedTokens() * W);
    float[] ds = scratch.floats(SCORE_GRAD, h.paddedTokens() * W);
    float[] keyGrad = scratch.floats(KEY_GRAD, h.paddedTokens() * ld);
    float[] valueGrad = scratch.floats(VALUE_GRAD, h.paddedTokens() * ld);
    HeadBlock block = new HeadBlock(n, scale, Heads.biases(h, keyBias), p, ds, dropout);
    for (int i0 = 0; i0 < n; i0 += W) {
      int rows = Math.min(W, n - i0);
      Heads.turn(h, queries, i0, turned);
      Heads.products(h, keys, turned, rows, p);
      Heads.turn(h, grad, i0, turned);
      Heads.products(h, values, turned, rows, ds);
      block.queries = rows;
      block.firstWords = dropout.firstWords(h, i0);
      logs(h, i0, rows, block.shifts);
      Heads.dots(h, i0, rows, out, dOut, 1 / grown, block.sums);
      if (dropout.isOn()) {
        block.run(HeadBlock.WORDS);
        block.run(HeadBlock.KEPT_GRADS);
      } else {
        block.run(HeadBlock.GRADS);
      }
      for (int key = 0; key < n; key += GemmTiles.ROWS) {
        for (int d = 0; d < h.features(); d += W) {
          int from = i0 * ld + d;
          int to = key * ld + d;
          HeadTiles.add(i0 == 0, rows, p, key * W, W, grad, from, ld, valueGrad, to, ld);
          HeadTiles.add(i0 == 0, rows, ds, key * W, W, queries, from, ld, keyGrad, to, ld);
        }
      }
      queryGrads(h, i0, ds, keys, dq);
    }
    Heads.store(h, keyGrad, n, scale * grown, dk, 0);
    Heads.store(h, valueGrad, n, grown, dv, 0);
  }

  private void queryGrads(Head h, int i0, float[] ds, float[] keys, Tensor dq) {
    int n = h.tokens();
    int ld = h.paddedFeatures();
    int count = Math.min(W, n - i0);
    float[] rows = Scratch.get().floats(ROWS, W * ld);
    for (int i = 0; i < count; i += GemmTiles.ROWS) {
      for (int d = 0; d < h.features(); d += W) {
        HeadTiles.down(n, ds, i, keys, d, ld, rows, i * ld + d, ld);
      }
    }
    Heads.store(h, rows, count, scale * dropout.grown(), dq, i0);
  }

  /** Log sums of a block; what is not there, or has no keys, gets infinity: probability 0. */
  private void logs(Head h, int i0, int rows, float[] logs) {
    float[] sums = logSums.heap().floats();
    int at = h.at(logSums) + i0 * logSums.stride(0);
    for (int i = 0; i < W; i++) {
      float log = i < rows ? sums[at + i * logSums.stride(0)] : Float.POSITIVE_INFINITY;
      logs[i] = log == Float.NEGATIVE_INFINITY ? Float.POSITIVE_INFINITY : log;
    }
  }
}
