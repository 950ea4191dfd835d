package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import org.jspecify.annotations.Nullable;

/**
 * The contract of {@link Kernels} in plain loops: each method is a loop over {@link Walk} in a file
 * of its theme. All arithmetic is in double; F32 results are rounded once, when they are stored.
 */
final class ReferenceKernels implements Kernels {
  @Override
  public void fill(Tensor y, double value) {
    Elementwise.fill(y, value);
  }

  @Override
  public void copy(Tensor x, Tensor y) {
    Elementwise.copy(x, y);
  }

  @Override
  public void unary(Unary op, Tensor x, Tensor y) {
    Elementwise.unary(op, x, y);
  }

  @Override
  public void unaryGrad(Unary op, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    Elementwise.unaryGrad(op, x, y, dy, dx);
  }

  @Override
  public void binary(Binary op, Tensor a, Tensor b, Tensor y) {
    Elementwise.binary(op, a, b, y);
  }

  @Override
  public void affine(Tensor x, double factor, double summand, Tensor y) {
    Elementwise.affine(x, factor, summand, y);
  }

  @Override
  public void addScaled(Tensor x, double factor, Tensor y) {
    Elementwise.addScaled(x, factor, y);
  }

  @Override
  public void select(Tensor condition, Tensor a, Tensor b, Tensor y) {
    Elementwise.select(condition, a, b, y);
  }

  @Override
  public void reduce(Reduce op, Tensor x, Tensor y) {
    Reductions.reduce(op, x, y);
  }

  @Override
  public void argMax(Tensor x, Tensor y) {
    Reductions.argMax(x, y);
  }

  @Override
  public void cumulativeSum(Tensor x, int axis, Tensor y) {
    Reductions.cumulativeSum(x, axis, y);
  }

  @Override
  public void sort(Tensor x, boolean descending, Tensor values, Tensor indices) {
    Reductions.sort(x, descending, values, indices);
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return Reductions.sumOfSquares(x);
  }

  @Override
  public boolean allFinite(Tensor x) {
    return Reductions.allFinite(x);
  }

  @Override
  public void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    Products.gemm(alpha, a, b, beta, c);
  }

  @Override
  public void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
    Products.linear(x, w, bias, y);
  }

  @Override
  public void gatherRows(Tensor table, Tensor ids, Tensor y) {
    Indexing.gatherRows(table, ids, y);
  }

  @Override
  public void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable) {
    Indexing.scatterAddRows(dy, ids, dTable);
  }

  @Override
  public void gather(Tensor x, int axis, Tensor index, Tensor y) {
    Indexing.gather(x, axis, index, y);
  }

  @Override
  public void scatterAdd(Tensor dy, int axis, Tensor index, Tensor dx) {
    Indexing.scatterAdd(dy, axis, index, dx);
  }

  @Override
  public void softmax(Tensor x, Tensor y) {
    Rows.softmax(x, y);
  }

  @Override
  public void softmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    Rows.softmaxGrad(y, dy, dx);
  }

  @Override
  public void logSoftmax(Tensor x, Tensor y) {
    Rows.logSoftmax(x, y);
  }

  @Override
  public void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    Rows.logSoftmaxGrad(y, dy, dx);
  }

  @Override
  public void layerNorm(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    Rows.layerNorm(x, gain, bias, epsilon, y, mean, rstd);
  }

  @Override
  public void layerNormGrad(
      Tensor dy,
      Tensor x,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      @Nullable Tensor dx,
      @Nullable Tensor dGain,
      @Nullable Tensor dBias) {
    Rows.layerNormGrad(dy, x, gain, mean, rstd, dx, dGain, dBias);
  }

  @Override
  public void crossEntropy(Tensor logits, Tensor labels, Tensor losses) {
    Rows.crossEntropy(logits, labels, losses);
  }

  @Override
  public void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits) {
    Rows.crossEntropyGrad(logits, labels, dLosses, dLogits);
  }

  @Override
  public void attention(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums) {
    AttentionLoops.attention(spec, q, k, v, keyBias, out, logSums);
  }

  @Override
  public void attentionGrad(
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
    AttentionLoops.attentionGrad(spec, q, k, v, keyBias, logSums, dOut, dq, dk, dv);
  }

  @Override
  public void dropout(Tensor x, double p, Rng rng, Tensor y) {
    Randomness.dropout(x, p, rng, y);
  }

  @Override
  public void uniform(Rng rng, double low, double high, Tensor y) {
    Randomness.uniform(rng, low, high, y);
  }

  @Override
  public void normal(Rng rng, double mean, double deviation, Tensor y) {
    Randomness.normal(rng, mean, deviation, y);
  }

  @Override
  public void bernoulli(Rng rng, double p, Tensor y) {
    Randomness.bernoulli(rng, p, y);
  }

  @Override
  public void adamW(AdamW step, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2) {
    AdamWLoop.adamW(step, parameter, gradient, moment1, moment2);
  }
}
