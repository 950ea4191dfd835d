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
 * Attention, backward: probabilities are recomputed from the stored log sums, {@link Heads#W}
 * queries at a time, in the layout of {@link Attention}.
 *
 * <p>With P the probabilities, M the dropout factors (0 or 1 / (1 - p)) and dP = dOut vᵀ:
 *
 * <pre>
 * dV = (P M)ᵀ dOut
 * dS = scale P (M dP - sum over keys of P M dP)
 * dQ = dS k
 * dK = dSᵀ q
 * </pre>
 *
 * dQ is done with a block; dK and dV grow from block to block, in order.
 */
final class AttentionGrad {
  private static final int TURNED_KEYS = Scratch.ATTENTION + 1;
  private static final int TURNED_VALUES = Scratch.ATTENTION + 2;
  private static final int TURNED_QUERIES = Scratch.ATTENTION + 3;
  private static final int PROBABILITIES = Scratch.ATTENTION + 4;
  private static final int ROWS = Scratch.ATTENTION + 5;
  private static final int KEYS = Scratch.ATTENTION + 6;
  private static final int TURNED_GRAD = Scratch.ATTENTION + 7;
  private static final int QUERIES = Scratch.ATTENTION + 8;
  private static final int GRAD = Scratch.ATTENTION + 9;
  private static final int SCORE_GRAD = Scratch.ATTENTION + 10;
  private static final int KEY_GRAD = Scratch.ATTENTION + 11;
  private static final int VALUE_GRAD = Scratch.ATTENTION + 12;
  private static final int LOGS = Scratch.ATTENTION + 13;

  private final AttentionSpec spec;
  private final @Nullable Tensor keyBias;
  private final Tensor logSums;
  private final long[] bases;
  private final float scale;
  private final float grown;
  private final int threshold;

  private AttentionGrad(AttentionSpec spec, int heads, @Nullable Tensor keyBias, Tensor logSums) {
    this.spec = spec;
    this.keyBias = keyBias;
    this.logSums = logSums;
    this.bases = spec.dropoutBases(heads);
    this.scale = (float) spec.scale();
    this.grown = (float) (1 / (1 - spec.dropout()));
    this.threshold = Rng.threshold(spec.dropout());
  }

  /** All [T, A, D] with contiguous last axis, any other strides; logSums [T, A]. */
  static void backward(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor logSums,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    AttentionGrad grad = new AttentionGrad(spec, q.dim(1), keyBias, logSums);
    Heads.forEach(spec, q.dim(1), q.dim(2), h -> grad.head(h, q, k, v, dOut, dq, dk, dv));
  }

  private void head(
      Head h, Tensor q, Tensor k, Tensor v, Tensor dOut, Tensor dq, Tensor dk, Tensor dv) {
    int n = h.tokens();
    int ld = h.paddedFeatures();
    Scratch scratch = Scratch.get();
    float[] turnedKeys = scratch.floats(TURNED_KEYS, h.paddedTokens() * h.features());
    float[] turnedValues = scratch.floats(TURNED_VALUES, h.paddedTokens() * h.features());
    float[] turnedQueries = scratch.floats(TURNED_QUERIES, h.features() * W);
    float[] turnedGrad = scratch.floats(TURNED_GRAD, h.features() * W);
    float[] keys = scratch.floats(KEYS, n * ld);
    float[] queries = scratch.floats(QUERIES, W * ld);
    float[] grad = scratch.floats(GRAD, W * ld);
    float[] p = scratch.floats(PROBABILITIES, h.paddedTokens() * W);
    float[] ds = scratch.floats(SCORE_GRAD, h.paddedTokens() * W);
    float[] keyGrad = scratch.floats(KEY_GRAD, h.paddedTokens() * ld);
    float[] valueGrad = scratch.floats(VALUE_GRAD, h.paddedTokens() * ld);
    float[] bias = Heads.biases(h, keyBias);
    Heads.turn(h, k, turnedKeys);
    Heads.turn(h, v, turnedValues);
    Heads.copy(h, k, 0, n, keys);
    for (int i0 = 0; i0 < n; i0 += W) {
      int rows = Math.min(W, n - i0);
      Heads.turn(h, q, i0, turnedQueries, 0);
      Heads.turn(h, dOut, i0, turnedGrad, 0);
      Heads.copy(h, q, i0, rows, queries);
      Heads.copy(h, dOut, i0, rows, grad);
      Heads.products(h, turnedKeys, turnedQueries, p);
      Heads.products(h, turnedValues, turnedGrad, ds);
      scoreGrads(h, i0, p, ds, bias);
      for (int key = 0; key < n; key += Tiles.ROWS) {
        for (int d = 0; d < h.features(); d += W) {
          int to = key * ld + d;
          Tiles.along(rows, p, key * W, grad, d * rows, valueGrad, to, ld, i0 == 0);
          Tiles.along(rows, ds, key * W, queries, d * rows, keyGrad, to, ld, i0 == 0);
        }
      }
      queryGrads(h, i0, ds, keys, dq);
    }
    Heads.store(h, keyGrad, 0, ld, n, dk, 0);
    Heads.store(h, valueGrad, 0, ld, n, dv, 0);
  }

  private void queryGrads(Head h, int i0, float[] ds, float[] keys, Tensor dq) {
    int n = h.tokens();
    int ld = h.paddedFeatures();
    float[] rows = Scratch.get().floats(ROWS, Tiles.ROWS * ld);
    for (int i = 0; i < W && i0 + i < n; i += Tiles.ROWS) {
      for (int d = 0; d < h.features(); d += W) {
        Tiles.down(n, ds, i, keys, d * n, rows, d, ld);
      }
      Heads.store(h, rows, 0, ld, Math.min(Tiles.ROWS, n - i0 - i), dq, i0 + i);
    }
  }

  /** From products q kᵀ in p and dOut vᵀ in ds: p becomes P M, ds becomes dS. */
  private void scoreGrads(Head h, int i0, float[] p, float[] ds, float[] bias) {
    int n = h.tokens();
    boolean drops = spec.dropout() > 0;
    int[] words = drops ? Heads.words(spec, bases[h.sequence()], h, i0) : new int[0];
    for (int lane = 0; lane < W && i0 + lane < n; lane += L) {
      FloatVector logs = logs(h, i0 + lane);
      if (drops) {
        dropGrads(ds, lane, words, threshold, grown, n);
      }
      FloatVector dot = probabilities(p, ds, lane, bias, scale, logs, n);
      scoreGrads(p, ds, lane, dot, scale, n);
      if (drops) {
        dropGrads(p, lane, words, threshold, grown, n);
      }
    }
  }

  /** Log sums of L queries; what is not there, or has no keys, gets infinity: probability 0. */
  private FloatVector logs(Head h, int i) {
    float[] sums = logSums.heap().floats();
    float[] logs = Scratch.get().floats(LOGS, L);
    for (int l = 0; l < L; l++) {
      float log = Float.POSITIVE_INFINITY;
      if (i + l < h.tokens()) {
        int token = h.firstToken() + i + l;
        log = sums[logSums.offset() + token * logSums.stride(0) + h.head() * logSums.stride(1)];
      }
      logs[l] = log == Float.NEGATIVE_INFINITY ? Float.POSITIVE_INFINITY : log;
    }
    return load(logs, 0);
  }

  private static void dropGrads(
      float[] x, int lane, int[] words, int threshold, float grown, int n) {
    IntVector bound = IntVector.broadcast(Lanes.I, threshold);
    for (int j = 0; j < n; j++) {
      var kept = load(words, lane + j * W).compare(VectorOperators.UGE, bound).cast(F);
      zero().blend(load(x, lane + j * W).mul(grown), kept).intoArray(x, lane + j * W);
    }
  }

  /** p = e^(scale p + bias - logs); returns the sum over keys of p * dp. */
  private static FloatVector probabilities(
      float[] p, float[] dp, int lane, float[] bias, float scale, FloatVector logs, int n) {
    FloatVector dot = zero();
    FloatVector factor = splat(scale);
    for (int j = 0; j < n; j++) {
      FloatVector s = load(p, lane + j * W).fma(factor, splat(bias[j]));
      FloatVector e = LaneMath.exp(s.sub(logs));
      e.intoArray(p, lane + j * W);
      dot = e.fma(load(dp, lane + j * W), dot);
    }
    return dot;
  }

  private static void scoreGrads(
      float[] p, float[] ds, int lane, FloatVector dot, float scale, int n) {
    for (int j = 0; j < n; j++) {
      FloatVector e = load(p, lane + j * W).mul(scale);
      load(ds, lane + j * W).sub(dot).mul(e).intoArray(ds, lane + j * W);
    }
  }
}
