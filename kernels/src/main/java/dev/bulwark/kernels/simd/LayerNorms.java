package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.tail;
import static dev.bulwark.kernels.simd.Lanes.zero;

import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation of contiguous rows, forward and backward.
 *
 * <p>The gradients of gain and bias are sums over rows: each piece of {@link #PIECE} rows has its
 * own partial sums, and these are added in order.
 */
final class LayerNorms {
  private static final int PIECE = 32; // rows; part of the result's bits, so never a thread count

  private LayerNorms() {}

  static void forward(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    float[] xs = x.heap().floats();
    float[] gs = gain.heap().floats();
    float[] bs = bias.heap().floats();
    float[] ys = y.heap().floats();
    float[] means = mean.heap().floats();
    float[] rstds = rstd.heap().floats();
    int n = x.dim(1);
    Parallel.range(
        x.dim(0),
        PIECE,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int xo = x.offset() + r * n;
            float mu = RowLoops.sum(xs, xo, n) / n;
            float variance = RowLoops.sumOfSquares(xs, xo, n, mu) / n;
            float s = (float) (1 / Math.sqrt(variance + epsilon));
            means[mean.offset() + r] = mu;
            rstds[rstd.offset() + r] = s;
            normalise(
                xs, xo, mu, s, gs, gain.offset(), bs, bias.offset(), ys, y.offset() + r * n, n);
          }
        });
  }

  private static void normalise(
      float[] x,
      int xo,
      float mu,
      float s,
      float[] g,
      int go,
      float[] b,
      int bo,
      float[] y,
      int yo,
      int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      FloatVector normal = load(x, xo + i).sub(mu).mul(s);
      normal.fma(load(g, go + i), load(b, bo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      var m = tail(i, n);
      FloatVector normal = load(x, xo + i, m).sub(mu).mul(s);
      normal.fma(load(g, go + i, m), load(b, bo + i, m)).intoArray(y, yo + i, m);
    }
  }

  static void backward(
      Tensor dy,
      Tensor x,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      @Nullable Tensor dx,
      @Nullable Tensor dGain,
      @Nullable Tensor dBias) {
    float[] ds = dy.heap().floats();
    float[] xs = x.heap().floats();
    float[] gs = gain.heap().floats();
    float[] means = mean.heap().floats();
    float[] rstds = rstd.heap().floats();
    int n = x.dim(1);
    int rows = x.dim(0);
    boolean sums = dGain != null || dBias != null;
    int pieces = (rows + PIECE - 1) / PIECE;
    float[] partial =
        Scratch.get().floats(Scratch.PARTIAL, sums ? Math.multiplyExact(2 * n, pieces) : 0);
    Parallel.range(
        rows,
        PIECE,
        (from, to) -> {
          int at = from / PIECE * 2 * n;
          if (sums) {
            Arrays.fill(partial, at, at + 2 * n, 0);
          }
          for (int r = from; r < to; r++) {
            int o = dy.offset() + r * n;
            int xo = x.offset() + r * n;
            float mu = means[mean.offset() + r];
            float s = rstds[rstd.offset() + r];
            if (sums) {
              addToSums(ds, o, xs, xo, mu, s, partial, at, n);
            }
            if (dx != null) {
              inputGrad(
                  ds,
                  o,
                  xs,
                  xo,
                  mu,
                  s,
                  gs,
                  gain.offset(),
                  dx.heap().floats(),
                  dx.offset() + r * n,
                  n);
            }
          }
        });
    if (dGain != null) {
      join(partial, 0, pieces, n, dGain);
    }
    if (dBias != null) {
      join(partial, n, pieces, n, dBias);
    }
  }

  private static void join(float[] partial, int first, int pieces, int n, Tensor result) {
    float[] rs = result.heap().floats();
    int ro = result.offset();
    Arrays.fill(rs, ro, ro + n, 0);
    for (int p = 0; p < pieces; p++) {
      RowLoops.add(partial, first + p * 2 * n, rs, ro, n);
    }
  }

  /** sums[0][i] += d * normal, sums[1][i] += d. */
  private static void addToSums(
      float[] d, int o, float[] x, int xo, float mu, float s, float[] sums, int at, int n) {
    int second = at + n;
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      FloatVector v = load(d, o + i);
      FloatVector normal = load(x, xo + i).sub(mu).mul(s);
      v.fma(normal, load(sums, at + i)).intoArray(sums, at + i);
      load(sums, second + i).add(v).intoArray(sums, second + i);
    }
    if (i < n) {
      var m = tail(i, n);
      FloatVector v = load(d, o + i, m);
      FloatVector normal = load(x, xo + i, m).sub(mu).mul(s);
      v.fma(normal, load(sums, at + i, m)).intoArray(sums, at + i, m);
      load(sums, second + i, m).add(v).intoArray(sums, second + i, m);
    }
  }

  /** dx = s (g d - mean(g d) - normal mean(g d normal)). */
  private static void inputGrad(
      float[] d,
      int o,
      float[] x,
      int xo,
      float mu,
      float s,
      float[] g,
      int go,
      float[] r,
      int ro,
      int n) {
    FloatVector sum = zero();
    FloatVector dot = zero();
    int end = F.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = load(d, o + i).mul(load(g, go + i));
      sum = sum.add(v);
      dot = v.fma(load(x, xo + i).sub(mu).mul(s), dot);
    }
    var m = tail(end, n);
    if (end < n) {
      FloatVector v = load(d, o + end, m).mul(load(g, go + end, m));
      sum = sum.add(v);
      dot = v.fma(load(x, xo + end, m).sub(mu).mul(s), dot);
    }
    FloatVector meanSum = splat(Lanes.sum(sum) / n);
    FloatVector minusDot = splat(-Lanes.sum(dot) / n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = load(d, o + i).mul(load(g, go + i)).sub(meanSum);
      FloatVector normal = load(x, xo + i).sub(mu).mul(s);
      normal.fma(minusDot, v).mul(s).intoArray(r, ro + i);
    }
    if (end < n) {
      FloatVector v = load(d, o + end, m).mul(load(g, go + end, m)).sub(meanSum);
      FloatVector normal = load(x, xo + end, m).sub(mu).mul(s);
      normal.fma(minusDot, v).mul(s).intoArray(r, ro + end, m);
    }
  }
}
