package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.*;
import dev.bulwark.tensor.backend.*;
import org.jspecify.annotations.Nullable;

/** Plain loops. */
final class ReferenceKernels implements Kernels {
  @Override
  public void fill(Tensor y, double value) {
    throw new IllegalStateException("fill");
  }

  @Override
  public void copy(Tensor x, Tensor y) {
    throw new IllegalStateException("copy");
  }

  @Override
  public void unary(Unary op, Tensor x, Tensor y) {
    throw new IllegalStateException("unary");
  }

  @Override
  public void unaryGrad(Unary op, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    throw new IllegalStateException("unaryGrad");
  }

  @Override
  public void binary(Binary op, Tensor a, Tensor b, Tensor y) {
    throw new IllegalStateException("binary");
  }

  @Override
  public void affine(Tensor x, double factor, double summand, Tensor y) {
    throw new IllegalStateException("affine");
  }

  @Override
  public void addScaled(Tensor x, double factor, Tensor y) {
    throw new IllegalStateException("addScaled");
  }

  @Override
  public void select(Tensor condition, Tensor a, Tensor b, Tensor y) {
    throw new IllegalStateException("select");
  }

  @Override
  public void reduce(Reduce op, Tensor x, Tensor y) {
    throw new IllegalStateException("reduce");
  }

  @Override
  public void argMax(Tensor x, Tensor y) {
    throw new IllegalStateException("argMax");
  }

  @Override
  public void cumulativeSum(Tensor x, int axis, Tensor y) {
    throw new IllegalStateException("cumulativeSum");
  }

  @Override
  public void sort(Tensor x, boolean descending, Tensor values, Tensor indices) {
    throw new IllegalStateException("sort");
  }

  @Override
  public double sumOfSquares(Tensor x) {
    throw new IllegalStateException("sumOfSquares");
  }

  @Override
  public boolean allFinite(Tensor x) {
    throw new IllegalStateException("allFinite");
  }

  @Override
  public void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    throw new IllegalStateException("gemm");
  }

  @Override
  public void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
    throw new IllegalStateException("linear");
  }

  @Override
  public void gatherRows(Tensor table, Tensor ids, Tensor y) {
    throw new IllegalStateException("gatherRows");
  }

  @Override
  public void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable) {
    throw new IllegalStateException("scatterAddRows");
  }

  @Override
  public void gather(Tensor x, int axis, Tensor index, Tensor y) {
    throw new IllegalStateException("gather");
  }

  @Override
  public void scatterAdd(Tensor dy, int axis, Tensor index, Tensor dx) {
    throw new IllegalStateException("scatterAdd");
  }

  @Override
  public void softmax(Tensor x, Tensor y) {
    throw new IllegalStateException("softmax");
  }

  @Override
  public void softmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    throw new IllegalStateException("softmaxGrad");
  }

  @Override
  public void logSoftmax(Tensor x, Tensor y) {
    throw new IllegalStateException("logSoftmax");
  }

  @Override
  public void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    throw new IllegalStateException("logSoftmaxGrad");
  }

  @Override
  public void layerNorm(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    throw new IllegalStateException("layerNorm");
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
    throw new IllegalStateException("layerNormGrad");
  }

  @Override
  public void crossEntropy(Tensor logits, Tensor labels, Tensor losses) {
    throw new IllegalStateException("crossEntropy");
  }

  @Override
  public void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits) {
    throw new IllegalStateException("crossEntropyGrad");
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
    throw new IllegalStateException("attention");
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
    throw new IllegalStateException("attentionGrad");
  }

  @Override
  public void dropout(Tensor x, double p, Rng rng, Tensor y) {
    throw new IllegalStateException("dropout");
  }

  @Override
  public void uniform(Rng rng, double low, double high, Tensor y) {
    throw new IllegalStateException("uniform");
  }

  @Override
  public void normal(Rng rng, double mean, double deviation, Tensor y) {
    throw new IllegalStateException("normal");
  }

  @Override
  public void bernoulli(Rng rng, double p, Tensor y) {
    throw new IllegalStateException("bernoulli");
  }

  @Override
  public void adamW(AdamW step, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2) {
    throw new IllegalStateException("adamW");
  }
}
