package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a back end computes. Every method writes into tensors that the caller allocated; shapes were
 * checked by the caller.
 *
 * <p>Rules for all: operands may be strided views (stride 0 where broadcast); a result is never
 * broadcast. A result may be one of the operands if both are the same view. Floating operands of a
 * call have one type, F32 or F64. Sums run in a fixed order that does not depend on the thread
 * count. Results over no elements are defined (see {@link Reduce}).
 */
public interface Kernels {
  // ---- elementwise

  /** y = value. */
  void fill(Tensor y, double value);

  /**
   * y = x, converting between any two types. F32 rounds to nearest even, F16 and BF16 round the F32
   * value so; floats become integers by dropping the fraction, I32 and I64 saturate, U8 keeps the
   * low eight bits; integers that become narrower keep their low bits.
   */
  void copy(Tensor x, Tensor y);

  /** y = op(x); all of one shape. */
  void unary(Unary op, Tensor x, Tensor y);

  /** dx = dy * op'(x), given y = op(x). */
  void unaryGrad(Unary op, Tensor x, Tensor y, Tensor dy, Tensor dx);

  /** y = op(a, b); a and b are expanded to y's shape; comparisons write U8 and also take I32. */
  void binary(Binary op, Tensor a, Tensor b, Tensor y);

  /** y = factor * x + summand. */
  void affine(Tensor x, double factor, double summand, Tensor y);

  /** y = y + factor * x. */
  void addScaled(Tensor x, double factor, Tensor y);

  /** y = condition (U8, non-zero is true) ? a : b; all expanded to y's shape. */
  void select(Tensor condition, Tensor a, Tensor b, Tensor y);

  // ---- reductions and order

  /** Reduces the axes where y has size 1 and x has not; ranks are equal. */
  void reduce(Reduce op, Tensor x, Tensor y);

  /**
   * Index of the largest element of the last axis; the first of equals; NaN counts as largest; -1
   * of nothing. x [..., N], y I32 [...].
   */
  void argMax(Tensor x, Tensor y);

  /** Running sum along an axis, x and y of one shape. */
  void cumulativeSum(Tensor x, int axis, Tensor y);

  /**
   * Stable sort of the last axis. x, values [..., N]; indices I32 [..., N]. NaN counts as largest.
   */
  void sort(Tensor x, boolean descending, Tensor values, Tensor indices);

  /** Sum of squares of all elements, accumulated in double. */
  double sumOfSquares(Tensor x);

  /** Whether no element is NaN or infinite. */
  boolean allFinite(Tensor x);

  /** {@link #sumOfSquares} of each tensor, the same numbers; a GPU answers all at once. */
  default double[] sumsOfSquares(List<Tensor> xs) {
    return xs.stream().mapToDouble(this::sumOfSquares).toArray();
  }

  /** Whether {@link #allFinite} is true of every tensor; a GPU answers once. */
  default boolean allFinite(List<Tensor> xs) {
    return xs.stream().allMatch(this::allFinite);
  }

  // ---- products

  /**
   * c = alpha * a b + beta * c. a [..., M, K], b [..., K, N], c [..., M, N]; leading axes are equal
   * or have stride 0. A transposed operand is a transposed view. With beta = 0, c may hold
   * anything.
   */
  void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c);

  /** y = x wᵀ + bias. x [T, K], w [N, K], bias [N] or null, y [T, N]. */
  void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y);

  // ---- indexing

  /** y[k] = table[ids[k]]. table [N, D], ids I32 [K], y [K, D]. Ids were checked. */
  void gatherRows(Tensor table, Tensor ids, Tensor y);

  /** dTable[ids[k]] += dy[k], in the order of k. dy [K, D], ids I32 [K], dTable [N, D]. */
  void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable);

  /** y[..i..] = x[..index[..i..]..] along an axis; index I32 and y of one shape. */
  void gather(Tensor x, int axis, Tensor index, Tensor y);

  /** dx[..index[..i..]..] += dy[..i..] along an axis, in the order of i. */
  void scatterAdd(Tensor dy, int axis, Tensor index, Tensor dx);

  // ---- rows: the last axis

  /**
   * Softmax of each row; a row of minus infinities gives zeros, a row with NaN or infinity all NaN.
   */
  void softmax(Tensor x, Tensor y);

  /** dx = y * (dy - sum(y * dy)). */
  void softmaxGrad(Tensor y, Tensor dy, Tensor dx);

  /** Logarithm of softmax of each row; minus infinities where softmax gives zeros. */
  void logSoftmax(Tensor x, Tensor y);

  /** dx = dy - exp(y) * sum(dy). */
  void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx);

  /**
   * y = (x - mean) * rstd * gain + bias, with rstd = 1 / sqrt(variance + epsilon), biased variance.
   * x, y [R, H]; gain, bias [H]; mean, rstd [R].
   */
  void layerNorm(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd);

  /** Gradients of {@link #layerNorm}; any of dx [R, H], dGain [H], dBias [H] may be null. */
  void layerNormGrad(
      Tensor dy,
      Tensor x,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      @Nullable Tensor dx,
      @Nullable Tensor dGain,
      @Nullable Tensor dBias);

  /**
   * Cross-entropy of each row, in nats. logits [N, C]; labels I32 [N], a label of -100 gives loss
   * 0; a label of logit minus infinity gives infinity; losses [N].
   */
  void crossEntropy(Tensor logits, Tensor labels, Tensor losses);

  /** dLogits = (softmax(logits) - onehot(label)) * dLosses, row by row; ignored rows give zeros. */
  void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits);

  // ---- attention

  /**
   * Attention of T tokens and A heads of size D: out = dropout(softmax(scale * q kᵀ + keyBias)) v
   * within each sequence. A query whose keys all have bias minus infinity gives zeros.
   *
   * @param spec sequences, scale and dropout
   * @param q queries [T, A, D], any strides with a contiguous last axis
   * @param k keys [T, A, D]
   * @param v values [T, A, D]
   * @param keyBias [T], added to every score of that key, or null
   * @param out result [T, A, D]
   * @param logSums log of the sum of exponentials of each row of scores [T, A], for the backward
   */
  void attention(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums);

  /** Gradients of {@link #attention}: dq, dk, dv [T, A, D], with the probabilities recomputed. */
  void attentionGrad(
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
      Tensor dv);

  // ---- randomness and training

  /**
   * y[i] = bits(i) &lt;u threshold(p) ? 0 : x[i] / (1 - p), i the row-major element number: the
   * same call on dy is the backward.
   */
  void dropout(Tensor x, double p, Rng rng, Tensor y);

  /** y[i] = low + (high - low) * uniform(i). */
  void uniform(Rng rng, double low, double high, Tensor y);

  /**
   * Normal numbers by Box-Muller: y[i] = mean + deviation * sqrt(-2 ln u) * cos(2 pi v) in double
   * with {@link StrictMath}, u = (bits(2i) + 1) / 2^32 and v = bits(2i + 1) / 2^32, both unsigned.
   */
  void normal(Rng rng, double mean, double deviation, Tensor y);

  /** y[i] = bits(i) &lt;u threshold(p) ? 1 : 0. */
  void bernoulli(Rng rng, double p, Tensor y);

  /** One optimiser step in place on contiguous tensors of one shape. */
  void adamW(AdamW step, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2);

  /** Optimiser steps of different parameters; a GPU takes many in one launch. */
  default void adamW(List<AdamWUpdate> updates) {
    for (AdamWUpdate u : updates) {
      adamW(u.step(), u.parameter(), u.gradient(), u.moment1(), u.moment2());
    }
  }
}
