package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import org.jspecify.annotations.Nullable;

/**
 * Decides, call by call, between the vector loops and the reference back end.
 *
 * <p>Vector loops take F32 only. Where they need contiguous operands, an operand that is not is
 * copied first; a result that is not contiguous, another type, and operations that no model spends
 * time on go to the reference back end.
 */
final class SimdKernels implements Kernels {
  private final Kernels reference = Backends.reference().kernels();

  // ---- elementwise

  @Override
  public void fill(Tensor y, double value) {
    if (isF32(y)) {
      Elementwise.fill(y, (float) value);
    } else {
      reference.fill(y, value);
    }
  }

  @Override
  public void copy(Tensor x, Tensor y) {
    if (isF32(x, y)) {
      Elementwise.copy(x, y);
    } else {
      reference.copy(x, y);
    }
  }

  @Override
  public void unary(Unary op, Tensor x, Tensor y) {
    if (isF32(x, y) && y.isContiguous()) {
      Elementwise.unary(op, x.contiguous(), y);
    } else {
      reference.unary(op, x, y);
    }
  }

  @Override
  public void unaryGrad(Unary op, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    if (isF32(x, y, dy, dx) && dx.isContiguous()) {
      Elementwise.unaryGrad(op, x.contiguous(), y.contiguous(), dy.contiguous(), dx);
    } else {
      reference.unaryGrad(op, x, y, dy, dx);
    }
  }

  @Override
  public void binary(Binary op, Tensor a, Tensor b, Tensor y) {
    if (isF32(a, b) && y.dtype() == (op.isComparison() ? DType.U8 : DType.F32)) {
      Elementwise.binary(op, a.expand(y.shape()), b.expand(y.shape()), y);
    } else {
      reference.binary(op, a, b, y);
    }
  }

  @Override
  public void affine(Tensor x, double factor, double summand, Tensor y) {
    if (isF32(x, y)) {
      Elementwise.affine(x, factor, summand, y);
    } else {
      reference.affine(x, factor, summand, y);
    }
  }

  @Override
  public void addScaled(Tensor x, double factor, Tensor y) {
    if (isF32(x, y)) {
      Elementwise.addScaled(x, factor, y);
    } else {
      reference.addScaled(x, factor, y);
    }
  }

  @Override
  public void select(Tensor condition, Tensor a, Tensor b, Tensor y) {
    if (isF32(a, b, y)) {
      Elementwise.select(condition.expand(y.shape()), a.expand(y.shape()), b.expand(y.shape()), y);
    } else {
      reference.select(condition, a, b, y);
    }
  }

  // ---- reductions and order

  @Override
  public void reduce(Reduce op, Tensor x, Tensor y) {
    if (!isF32(x, y) || !y.isContiguous() || !Reductions.reduce(op, x.contiguous(), y)) {
      reference.reduce(op, x, y);
    }
  }

  @Override
  public void argMax(Tensor x, Tensor y) {
    reference.argMax(x, y);
  }

  @Override
  public void cumulativeSum(Tensor x, int axis, Tensor y) {
    reference.cumulativeSum(x, axis, y);
  }

  @Override
  public void sort(Tensor x, boolean descending, Tensor values, Tensor indices) {
    reference.sort(x, descending, values, indices);
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return isF32(x) ? Reductions.sumOfSquares(x.contiguous()) : reference.sumOfSquares(x);
  }

  @Override
  public boolean allFinite(Tensor x) {
    return isF32(x) ? Reductions.allFinite(x.contiguous()) : reference.allFinite(x);
  }

  // ---- products

  @Override
  public void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    if (isF32(a, b, c)) {
      Products.gemm((float) alpha, a, b, (float) beta, c);
    } else {
      reference.gemm(alpha, a, b, beta, c);
    }
  }

  @Override
  public void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
    if (isF32(x, w, y) && (bias == null || isF32(bias))) {
      Products.linear(x, w, bias == null ? null : bias.contiguous(), y);
    } else {
      reference.linear(x, w, bias, y);
    }
  }

  // ---- indexing

  @Override
  public void gatherRows(Tensor table, Tensor ids, Tensor y) {
    if (isF32(table, y) && y.isContiguous() && hasDenseRows(table)) {
      Indexing.gatherRows(table, ids, y);
    } else {
      reference.gatherRows(table, ids, y);
    }
  }

  @Override
  public void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable) {
    if (isF32(dy, dTable) && hasDenseRows(dTable)) {
      Indexing.scatterAddRows(hasDenseRows(dy) ? dy : dy.contiguous(), ids, dTable);
    } else {
      reference.scatterAddRows(dy, ids, dTable);
    }
  }

  @Override
  public void gather(Tensor x, int axis, Tensor index, Tensor y) {
    reference.gather(x, axis, index, y);
  }

  @Override
  public void scatterAdd(Tensor dy, int axis, Tensor index, Tensor dx) {
    reference.scatterAdd(dy, axis, index, dx);
  }

  // ---- rows

  @Override
  public void softmax(Tensor x, Tensor y) {
    if (isF32(x, y) && y.isContiguous()) {
      Softmaxes.softmax(x.contiguous(), y);
    } else {
      reference.softmax(x, y);
    }
  }

  @Override
  public void softmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    if (isF32(y, dy, dx) && dx.isContiguous()) {
      Softmaxes.softmaxGrad(y.contiguous(), dy.contiguous(), dx);
    } else {
      reference.softmaxGrad(y, dy, dx);
    }
  }

  @Override
  public void logSoftmax(Tensor x, Tensor y) {
    if (isF32(x, y) && y.isContiguous()) {
      Softmaxes.logSoftmax(x.contiguous(), y);
    } else {
      reference.logSoftmax(x, y);
    }
  }

  @Override
  public void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    if (isF32(y, dy, dx) && dx.isContiguous()) {
      Softmaxes.logSoftmaxGrad(y.contiguous(), dy.contiguous(), dx);
    } else {
      reference.logSoftmaxGrad(y, dy, dx);
    }
  }

  @Override
  public void layerNorm(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    if (isF32(x, gain, bias, y, mean, rstd) && isContiguous(y, mean, rstd)) {
      LayerNorms.forward(
          x.contiguous(), gain.contiguous(), bias.contiguous(), epsilon, y, mean, rstd);
    } else {
      reference.layerNorm(x, gain, bias, epsilon, y, mean, rstd);
    }
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
    if (isF32(dy, x, gain, mean, rstd) && isDense(dx) && isDense(dGain) && isDense(dBias)) {
      LayerNorms.backward(
          dy.contiguous(),
          x.contiguous(),
          gain.contiguous(),
          mean.contiguous(),
          rstd.contiguous(),
          dx,
          dGain,
          dBias);
    } else {
      reference.layerNormGrad(dy, x, gain, mean, rstd, dx, dGain, dBias);
    }
  }

  @Override
  public void crossEntropy(Tensor logits, Tensor labels, Tensor losses) {
    if (isF32(logits, losses) && losses.isContiguous()) {
      Softmaxes.crossEntropy(logits.contiguous(), labels.contiguous(), losses);
    } else {
      reference.crossEntropy(logits, labels, losses);
    }
  }

  @Override
  public void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits) {
    if (isF32(logits, dLosses, dLogits) && dLogits.isContiguous()) {
      Softmaxes.crossEntropyGrad(
          logits.contiguous(), labels.contiguous(), dLosses.contiguous(), dLogits);
    } else {
      reference.crossEntropyGrad(logits, labels, dLosses, dLogits);
    }
  }

  // ---- attention

  @Override
  public void attention(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums) {
    boolean fits =
        isF32(q, k, v, out, logSums)
            && hasDenseRows(q)
            && hasDenseRows(k)
            && hasDenseRows(v)
            && hasDenseRows(out)
            && (keyBias == null || isF32(keyBias));
    if (fits) {
      Attention.forward(spec, q, k, v, keyBias, out, logSums);
    } else {
      reference.attention(spec, q, k, v, keyBias, out, logSums);
    }
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
    boolean fits =
        isF32(q, k, v, out, logSums, dOut, dq, dk, dv)
            && hasDenseRows(q)
            && hasDenseRows(k)
            && hasDenseRows(v)
            && hasDenseRows(dq)
            && hasDenseRows(dk)
            && hasDenseRows(dv)
            && (keyBias == null || isF32(keyBias));
    if (fits) {
      Tensor o = hasDenseRows(out) ? out : out.contiguous();
      Tensor d = hasDenseRows(dOut) ? dOut : dOut.contiguous();
      AttentionGrad.backward(spec, q, k, v, keyBias, o, logSums, d, dq, dk, dv);
    } else {
      reference.attentionGrad(spec, q, k, v, keyBias, out, logSums, dOut, dq, dk, dv);
    }
  }

  // ---- randomness and training

  @Override
  public void dropout(Tensor x, double p, Rng rng, Tensor y) {
    if (isF32(x, y) && y.isContiguous()) {
      Randomness.dropout(x.contiguous(), p, rng, y);
    } else {
      reference.dropout(x, p, rng, y);
    }
  }

  @Override
  public void uniform(Rng rng, double low, double high, Tensor y) {
    if (isF32(y) && y.isContiguous()) {
      Randomness.uniform(rng, low, high, y);
    } else {
      reference.uniform(rng, low, high, y);
    }
  }

  @Override
  public void normal(Rng rng, double mean, double deviation, Tensor y) {
    reference.normal(rng, mean, deviation, y);
  }

  @Override
  public void bernoulli(Rng rng, double p, Tensor y) {
    if (isF32(y) && y.isContiguous()) {
      Randomness.bernoulli(rng, p, y);
    } else {
      reference.bernoulli(rng, p, y);
    }
  }

  @Override
  public void adamW(AdamW step, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2) {
    if (isF32(parameter, gradient, moment1, moment2)
        && isContiguous(parameter, gradient, moment1, moment2)) {
      AdamWLoop.step(step, parameter, gradient, moment1, moment2);
    } else {
      reference.adamW(step, parameter, gradient, moment1, moment2);
    }
  }

  // ---- what operands are like

  private static boolean isF32(Tensor... tensors) {
    for (Tensor t : tensors) {
      if (t.dtype() != DType.F32) {
        return false;
      }
    }
    return true;
  }

  private static boolean isContiguous(Tensor... tensors) {
    for (Tensor t : tensors) {
      if (!t.isContiguous()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDense(@Nullable Tensor t) {
    return t == null || (t.dtype() == DType.F32 && t.isContiguous());
  }

  /** Whether the last axis is contiguous. */
  private static boolean hasDenseRows(Tensor t) {
    return t.dim(-1) == 1 || t.stride(-1) == 1;
  }
}
