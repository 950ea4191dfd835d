package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.tail;

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
          LayerNormRow row = new LayerNormRow(dy, x, gain, dx, partial, from / PIECE * 2 * n);
          if (sums) {
            Arrays.fill(partial, row.sums, row.sums + 2 * n, 0);
          }
          for (int r = from; r < to; r++) {
            row.at(r, means[mean.offset() + r], rstds[rstd.offset() + r]);
            if (sums) {
              row.run(LayerNormRow.ADD_TO_SUMS);
            }
            if (dx != null) {
              row.run(LayerNormRow.MEANS);
              row.run(LayerNormRow.INPUT_GRAD);
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
}
