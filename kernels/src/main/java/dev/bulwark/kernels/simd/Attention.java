package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Heads.W;
import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.zero;

import dev.bulwark.kernels.simd.Heads.Head;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * Attention, forward: one head of one sequence after the other, {@link Heads#W} queries at a time.
 *
 * <p>The scores of a block are kept with the keys down and the queries across, [S][W]. So softmax
 * runs over keys with a query in each lane and never adds lanes up, and the block is already packed
 * as the left operand of the product with the values. Nothing larger than S x W is ever stored.
 */
final class Attention {
  private static final int TURNED_KEYS = Scratch.ATTENTION + 1;
  private static final int VALUES = Scratch.ATTENTION + 2;
  private static final int TURNED_QUERIES = Scratch.ATTENTION + 3;
  private static final int SCORES = Scratch.ATTENTION + 4;
  private static final int OUT = Scratch.ATTENTION + 5;

  private final AttentionSpec spec;
  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final @Nullable Tensor keyBias;
  private final Tensor out;
  private final Tensor logSums;
  private final long[] bases;

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
    this.bases = spec.dropoutBases(q.dim(1));
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
    Scratch scratch = Scratch.get();
    float[] turnedKeys = scratch.floats(TURNED_KEYS, h.paddedTokens() * h.features());
    float[] values = scratch.floats(VALUES, h.paddedFeatures() * h.tokens());
    float[] turnedQueries = scratch.floats(TURNED_QUERIES, h.features() * W);
    float[] scores = scratch.floats(SCORES, h.paddedTokens() * W);
    float[] bias = Heads.biases(h, keyBias);
    Heads.turn(h, k, turnedKeys);
    Heads.copy(h, v, 0, h.tokens(), values);
    for (int i0 = 0; i0 < h.tokens(); i0 += W) {
      Heads.turn(h, q, i0, turnedQueries, 0);
      Heads.products(h, turnedKeys, turnedQueries, scores);
      int[] words = spec.dropout() > 0 ? Heads.words(spec, bases[h.sequence()], h, i0) : null;
      for (int lane = 0; lane < W && i0 + lane < h.tokens(); lane += L) {
        softmax(h, i0, lane, scores, bias, words);
      }
      multiply(h, i0, scores, values);
    }
  }

  /** Softmax and dropout of L queries; stores their log sums. */
  private void softmax(
      Head h, int i0, int lane, float[] scores, float[] bias, int @Nullable [] words) {
    int n = h.tokens();
    FloatVector max = biased(scores, lane, bias, (float) spec.scale(), n);
    // Without any key to look at the maximum is minus infinity: then all exponentials are 0.
    FloatVector shift = max.blend(0f, max.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
    FloatVector sum = exponentials(scores, lane, shift, n);
    FloatVector inverse = splat(1f).div(sum).blend(0f, sum.compare(VectorOperators.EQ, 0f));
    if (words == null) {
      scale(scores, lane, inverse, n);
    } else {
      FloatVector grown = inverse.mul((float) (1 / (1 - spec.dropout())));
      drop(scores, lane, words, Rng.threshold(spec.dropout()), grown, n);
    }
    float[] sums = logSums.heap().floats();
    float[] logs = Scratch.get().floats(Scratch.BLOCK, L);
    LaneMath.log(sum).add(shift).intoArray(logs, 0);
    for (int i = 0; i < L && i0 + lane + i < n; i++) {
      int token = h.firstToken() + i0 + lane + i;
      sums[logSums.offset() + token * logSums.stride(0) + h.head() * logSums.stride(1)] = logs[i];
    }
  }

  /** scores = scale * scores + bias; returns the maximum over keys. A NaN shows in the sum. */
  private static FloatVector biased(float[] scores, int lane, float[] bias, float scale, int n) {
    FloatVector max = splat(Float.NEGATIVE_INFINITY);
    FloatVector factor = splat(scale);
    for (int j = 0; j < n; j++) {
      FloatVector s = load(scores, lane + j * W).fma(factor, splat(bias[j]));
      s.intoArray(scores, lane + j * W);
      max = max.blend(s, s.compare(VectorOperators.GT, max));
    }
    return max;
  }

  private static FloatVector exponentials(float[] scores, int lane, FloatVector shift, int n) {
    FloatVector sum = zero();
    for (int j = 0; j < n; j++) {
      FloatVector e = LaneMath.exp(load(scores, lane + j * W).sub(shift));
      e.intoArray(scores, lane + j * W);
      sum = sum.add(e);
    }
    return sum;
  }

  private static void scale(float[] scores, int lane, FloatVector factor, int n) {
    for (int j = 0; j < n; j++) {
      load(scores, lane + j * W).mul(factor).intoArray(scores, lane + j * W);
    }
  }

  private static void drop(
      float[] scores, int lane, int[] words, int threshold, FloatVector factor, int n) {
    IntVector bound = IntVector.broadcast(Lanes.I, threshold);
    for (int j = 0; j < n; j++) {
      var kept = load(words, lane + j * W).compare(VectorOperators.UGE, bound).cast(F);
      FloatVector p = load(scores, lane + j * W).mul(factor);
      zero().blend(p, kept).intoArray(scores, lane + j * W);
    }
  }

  /** out rows of a block = probabilities x values. */
  private void multiply(Head h, int i0, float[] scores, float[] values) {
    int ld = h.paddedFeatures();
    float[] rows = Scratch.get().floats(OUT, Tiles.ROWS * ld);
    for (int i = 0; i < W && i0 + i < h.tokens(); i += Tiles.ROWS) {
      for (int d = 0; d < h.features(); d += W) {
        Tiles.down(h.tokens(), scores, i, values, d * h.tokens(), rows, d, ld);
      }
      Heads.store(h, rows, 0, ld, Math.min(Tiles.ROWS, h.tokens() - i0 - i), out, i0 + i);
    }
  }
}
