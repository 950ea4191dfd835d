package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AdamWUpdate;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands each call to the file that knows it. Nothing is computed on the CPU: what a device cannot
 * do is an error that says so.
 */
final class GpuKernels implements Kernels {
  private final Copies copies;
  private final Elementwise elementwise;
  private final Reductions reductions;
  private final Orders orders;
  private final Products products;
  private final Indexing indexing;
  private final Softmaxes softmaxes;
  private final LayerNorms layerNorms;
  private final Attention attention;
  private final Randomness randomness;
  private final Training training;

  GpuKernels(Work work) {
    copies = new Copies(work);
    elementwise = new Elementwise(work);
    reductions = new Reductions(work);
    orders = new Orders(work);
    products = new Products(work);
    indexing = new Indexing(work);
    softmaxes = new Softmaxes(work);
    layerNorms = new LayerNorms(work);
    attention = new Attention(work, products);
    randomness = new Randomness(work);
    training = new Training(work);
  }

  @Override
  public void fill(Tensor y, double value) {
    copies.fill(y, value);
  }

  @Override
  public void copy(Tensor x, Tensor y) {
    copies.copy(x, y);
  }

  @Override
  public void unary(Unary op, Tensor x, Tensor y) {
    elementwise.unary(op, x, y);
  }

  @Override
  public void unaryGrad(Unary op, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    elementwise.unaryGrad(op, x, y, dy, dx);
  }

  @Override
  public void binary(Binary op, Tensor a, Tensor b, Tensor y) {
    elementwise.binary(op, a.expand(y.shape()), b.expand(y.shape()), y);
  }

  @Override
  public void affine(Tensor x, double factor, double summand, Tensor y) {
    elementwise.affine(x, factor, summand, y);
  }

  @Override
  public void addScaled(Tensor x, double factor, Tensor y) {
    elementwise.addScaled(x, factor, y);
  }

  @Override
  public void select(Tensor condition, Tensor a, Tensor b, Tensor y) {
    elementwise.select(condition.expand(y.shape()), a.expand(y.shape()), b.expand(y.shape()), y);
  }

  @Override
  public void reduce(Reduce op, Tensor x, Tensor y) {
    reductions.reduce(op, x, y);
  }

  @Override
  public void argMax(Tensor x, Tensor y) {
    orders.argMax(x, y);
  }

  @Override
  public void cumulativeSum(Tensor x, int axis, Tensor y) {
    orders.cumulativeSum(x, axis, y);
  }

  @Override
  public void sort(Tensor x, boolean descending, Tensor values, Tensor indices) {
    orders.sort(x, descending, values, indices);
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return sumsOfSquares(List.of(x))[0];
  }

  @Override
  public boolean allFinite(Tensor x) {
    return allFinite(List.of(x));
  }

  @Override
  public double[] sumsOfSquares(List<Tensor> xs) {
    return reductions.sumsOfSquares(xs);
  }

  @Override
  public boolean allFinite(List<Tensor> xs) {
    return reductions.allFinite(xs);
  }

  @Override
  public void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    products.gemm(alpha, a, b, beta, c);
  }

  @Override
  public void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
    products.linear(x, w, bias, y);
  }

  @Override
  public void gatherRows(Tensor table, Tensor ids, Tensor y) {
    indexing.gatherRows(table, ids, y);
  }

  @Override
  public void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable) {
    indexing.scatterAddRows(dy, ids, dTable);
  }

  @Override
  public void gather(Tensor x, int axis, Tensor index, Tensor y) {
    indexing.gather(x, axis, index, y);
  }

  @Override
  public void scatterAdd(Tensor dy, int axis, Tensor index, Tensor dx) {
    indexing.scatterAdd(dy, axis, index, dx);
  }

  @Override
  public void softmax(Tensor x, Tensor y) {
    softmaxes.softmax(x, y);
  }

  @Override
  public void softmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    softmaxes.softmaxGrad(y, dy, dx);
  }

  @Override
  public void logSoftmax(Tensor x, Tensor y) {
    softmaxes.logSoftmax(x, y);
  }

  @Override
  public void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    softmaxes.logSoftmaxGrad(y, dy, dx);
  }

  @Override
  public void layerNorm(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    layerNorms.forward(x, gain, bias, epsilon, y, mean, rstd);
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
    layerNorms.backward(dy, x, gain, mean, rstd, dx, dGain, dBias);
  }

  @Override
  public void crossEntropy(Tensor logits, Tensor labels, Tensor losses) {
    softmaxes.crossEntropy(logits, labels, losses);
  }

  @Override
  public void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits) {
    softmaxes.crossEntropyGrad(logits, labels, dLosses, dLogits);
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
    attention.forward(spec, q, k, v, keyBias, out, logSums);
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
    attention.backward(spec, q, k, v, keyBias, out, logSums, dOut, dq, dk, dv);
  }

  @Override
  public void dropout(Tensor x, double p, Rng rng, Tensor y) {
    randomness.dropout(x, p, rng, y);
  }

  @Override
  public void uniform(Rng rng, double low, double high, Tensor y) {
    randomness.uniform(rng, low, high, y);
  }

  @Override
  public void normal(Rng rng, double mean, double deviation, Tensor y) {
    randomness.normal(rng, mean, deviation, y);
  }

  @Override
  public void bernoulli(Rng rng, double p, Tensor y) {
    randomness.bernoulli(rng, p, y);
  }

  @Override
  public void adamW(AdamW step, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2) {
    adamW(List.of(new AdamWUpdate(step, parameter, gradient, moment1, moment2)));
  }

  @Override
  public void adamW(List<AdamWUpdate> updates) {
    training.adamW(updates);
  }
}
