package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Heads.W;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A block of scores [S][W], keys down and queries across, and the passes of softmax over it.
 *
 * <p>Dropout only zeroes; the factor 1 / (1 - p), like the quotient by the sum, is left to those
 * who write the rows of the result, which are fewer.
 *
 * <p>Passes are called through a table, which the compiler cannot look through: inlined into one
 * method they would pass its limits, and vectors would turn into objects.
 */
final class HeadBlock {
  /** One pass over a block. */
  @FunctionalInterface
  interface Pass {
    void run(HeadBlock block);
  }

  /** Random words of all keys and queries. */
  static final int WORDS = 0;

  /** Maxima over keys of scale * scores + bias. A NaN is passed over: it shows in the sum. */
  static final int MAXIMA = 1;

  /** scores = e^(scale * scores + bias - shifts); sums over keys. */
  static final int EXPONENTIALS = 2;

  /** The same, and after it is summed what is dropped becomes 0. */
  static final int KEPT_EXPONENTIALS = 3;

  /** factors = grown / sums, or 0 where the sum is 0. */
  static final int FACTORS = 4;

  /** sums = log(sums) + shifts. */
  static final int LOGS = 5;

  /** With P = e^(scale * scores + bias - shifts): grads = P (grads - sums), then scores = P. */
  static final int GRADS = 6;

  /** With M 0 where dropped, else 1: grads = P M grads - P sums, then scores = P M. */
  static final int KEPT_GRADS = 7;

  private static final Pass[] PASSES = {
    HeadBlock::words,
    HeadBlock::maxima,
    HeadBlock::exponentials,
    HeadBlock::keptExponentials,
    HeadBlock::factors,
    HeadBlock::logs,
    HeadBlock::grads,
    HeadBlock::keptGrads
  };

  /** Number of keys. */
  final int n;

  /** Factor of the scores. */
  final float scale;

  /** Added to the scores of each key. */
  final float[] bias;

  /** Scores [S][W], later exponentials. */
  final float[] scores;

  /** Gradients of the probabilities [S][W], later of the scores. */
  final float[] grads;

  /** A number for each of W queries. */
  final float[] shifts = new float[W];

  /** A number for each of W queries. */
  final float[] sums = new float[W];

  /** A number for each of W queries. */
  final float[] factors = new float[W];

  /** Number of the first block of random words of the first query. */
  long firstWords;

  /** Queries that are there: 1 to W. */
  int queries;

  private final int threshold;
  private final float grown;
  private final long[] roundKeys;
  private final int[] words;

  HeadBlock(int n, float scale, float[] bias, float[] scores, float[] grads, HeadDropout dropout) {
    this.n = n;
    this.scale = scale;
    this.bias = bias;
    this.scores = scores;
    this.grads = grads;
    this.threshold = dropout.threshold();
    this.grown = dropout.grown();
    this.roundKeys = dropout.roundKeys();
    this.words = threshold == 0 ? new int[0] : Scratch.get().ints((n + 3) / 4 * 4 * W);
  }

  /** Runs one of the passes. */
  void run(int pass) {
    PASSES[pass].run(this);
  }

  private void words() {
    int row = (n + 3) / 4;
    for (int lane = 0; lane < queries; lane += L) {
      Philox.columns(roundKeys, firstWords + (long) lane * row, row, words, lane, W);
    }
  }

  private void maxima() {
    float[] x = scores;
    FloatVector max0 = splat(Float.NEGATIVE_INFINITY);
    FloatVector max1 = max0;
    FloatVector factor = splat(scale);
    for (int j = 0; j < n; j++) {
      FloatVector shift = splat(bias[j]);
      FloatVector s0 = load(x, j * W).fma(factor, shift);
      FloatVector s1 = load(x, j * W + L).fma(factor, shift);
      max0 = max0.blend(s0, s0.compare(VectorOperators.GT, max0));
      max1 = max1.blend(s1, s1.compare(VectorOperators.GT, max1));
    }
    // Without any key to look at the maximum is minus infinity: then all exponentials are 0.
    max0.blend(0f, max0.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)).intoArray(shifts, 0);
    max1.blend(0f, max1.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)).intoArray(shifts, L);
  }

  private void exponentials() {
    float[] x = scores;
    FloatVector factor = splat(scale);
    for (int lane = 0; lane < queries; lane += L) {
      FloatVector shift = load(shifts, lane);
      FloatVector sum = zero();
      for (int j = 0; j < n; j++) {
        int at = lane + j * W;
        FloatVector e = LaneMath.exp(load(x, at).fma(factor, splat(bias[j])).sub(shift));
        e.intoArray(x, at);
        sum = sum.add(e);
      }
      sum.intoArray(sums, lane);
    }
  }

  private void keptExponentials() {
    float[] x = scores;
    FloatVector factor = splat(scale);
    for (int lane = 0; lane < queries; lane += L) {
      FloatVector shift = load(shifts, lane);
      FloatVector sum = zero();
      for (int j = 0; j < n; j++) {
        int at = lane + j * W;
        FloatVector e = LaneMath.exp(load(x, at).fma(factor, splat(bias[j])).sub(shift));
        kept(e, words, at, threshold).intoArray(x, at);
        sum = sum.add(e);
      }
      sum.intoArray(sums, lane);
    }
  }

  private void factors() {
    for (int lane = 0; lane < queries; lane += L) {
      FloatVector sum = load(sums, lane);
      FloatVector factor = splat(grown).div(sum);
      factor.blend(0f, sum.compare(VectorOperators.EQ, 0f)).intoArray(factors, lane);
    }
  }

  private void logs() {
    for (int lane = 0; lane < queries; lane += L) {
      FloatVector sum = load(sums, lane); // 0, 1 to n, or NaN
      FloatVector log = LaneMath.logOfNormal(sum).add(load(shifts, lane));
      log = log.blend(Float.NEGATIVE_INFINITY, sum.compare(VectorOperators.EQ, 0f));
      log.blend(sum, sum.test(VectorOperators.IS_NAN)).intoArray(sums, lane);
    }
  }

  private void grads() {
    float[] p = scores;
    float[] ds = grads;
    FloatVector factor = splat(scale);
    for (int lane = 0; lane < queries; lane += L) {
      FloatVector shift = load(shifts, lane);
      FloatVector dot = load(sums, lane);
      for (int j = 0; j < n; j++) {
        int at = lane + j * W;
        FloatVector e = LaneMath.exp(load(p, at).fma(factor, splat(bias[j])).sub(shift));
        e.intoArray(p, at);
        load(ds, at).sub(dot).mul(e).intoArray(ds, at);
      }
    }
  }

  private void keptGrads() {
    float[] p = scores;
    float[] ds = grads;
    FloatVector factor = splat(scale);
    for (int lane = 0; lane < queries; lane += L) {
      FloatVector shift = load(shifts, lane);
      FloatVector dot = load(sums, lane);
      for (int j = 0; j < n; j++) {
        int at = lane + j * W;
        FloatVector e = LaneMath.exp(load(p, at).fma(factor, splat(bias[j])).sub(shift));
        FloatVector kept = kept(e, words, at, threshold);
        kept.intoArray(p, at);
        kept.mul(load(ds, at)).sub(e.mul(dot)).intoArray(ds, at);
      }
    }
  }

  private static FloatVector kept(FloatVector e, int[] words, int at, int threshold) {
    IntVector word = load(words, at);
    return zero().blend(e, word.compare(VectorOperators.UGE, threshold).cast(Lanes.F));
  }
}
