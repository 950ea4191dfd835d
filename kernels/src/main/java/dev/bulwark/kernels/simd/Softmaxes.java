package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.tail;

import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Softmax and its relatives over contiguous rows, one row after the other. */
final class Softmaxes {
  private static final int IGNORED = -100; // label without loss
  private static final int PIECE = 8192; // elements that are worth a task

  private Softmaxes() {}

  static void softmax(Tensor x, Tensor y) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    int n = x.dim(-1);
    eachRow(x, r -> softmax(xs, x.offset() + r * n, ys, y.offset() + r * n, n));
  }

  private static void softmax(float[] x, int xo, float[] y, int yo, int n) {
    float max = RowLoops.maxWithoutNaN(x, xo, n);
    if (max == Float.NEGATIVE_INFINITY && isEmpty(x, xo, n)) {
      Arrays.fill(y, yo, yo + n, 0);
      return;
    }
    float sum = RowLoops.expAndSum(x, xo, max, y, yo, n);
    RowLoops.scale(y, yo, 1 / sum, y, yo, n);
  }

  /** Whether a row without any maximum holds minus infinities only, and no NaN. */
  private static boolean isEmpty(float[] x, int xo, int n) {
    for (int i = 0; i < n; i++) {
      if (Float.isNaN(x[xo + i])) {
        return false;
      }
    }
    return true;
  }

  static void softmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    float[] ys = y.heap().floats();
    float[] ds = dy.heap().floats();
    float[] rs = dx.heap().floats();
    int n = y.dim(-1);
    eachRow(
        y,
        r ->
            softmaxGrad(
                ys, y.offset() + r * n, ds, dy.offset() + r * n, rs, dx.offset() + r * n, n));
  }

  private static void softmaxGrad(float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    FloatVector dot = splat(RowLoops.dot(y, yo, d, o, n));
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(y, yo + i).mul(load(d, o + i).sub(dot)).intoArray(r, ro + i);
    }
    if (i < n) {
      var m = tail(i, n);
      load(y, yo + i, m).mul(load(d, o + i, m).sub(dot)).intoArray(r, ro + i, m);
    }
  }

  static void logSoftmax(Tensor x, Tensor y) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    int n = x.dim(-1);
    eachRow(
        x,
        r -> {
          int xo = x.offset() + r * n;
          int yo = y.offset() + r * n;
          float max = RowLoops.maxWithoutNaN(xs, xo, n);
          if (max == Float.NEGATIVE_INFINITY && isEmpty(xs, xo, n)) {
            Arrays.fill(ys, yo, yo + n, max);
          } else {
            float log = (float) StrictMath.log(RowLoops.sumExp(xs, xo, max, n));
            subtract(xs, xo, max, log, ys, yo, n);
          }
        });
  }

  /** y = x - max - log: the near-equal numbers first, so that nothing is lost. */
  private static void subtract(float[] x, int xo, float max, float log, float[] y, int yo, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      load(x, xo + i).sub(max).sub(log).intoArray(y, yo + i);
    }
    if (i < n) {
      load(x, xo + i, tail(i, n)).sub(max).sub(log).intoArray(y, yo + i, tail(i, n));
    }
  }

  static void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    float[] ys = y.heap().floats();
    float[] ds = dy.heap().floats();
    float[] rs = dx.heap().floats();
    int n = y.dim(-1);
    eachRow(
        y,
        r ->
            logSoftmaxGrad(
                ys, y.offset() + r * n, ds, dy.offset() + r * n, rs, dx.offset() + r * n, n));
  }

  private static void logSoftmaxGrad(
      float[] y, int yo, float[] d, int o, float[] r, int ro, int n) {
    FloatVector minusSum = splat(-RowLoops.sum(d, o, n));
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      LaneMath.exp(load(y, yo + i)).fma(minusSum, load(d, o + i)).intoArray(r, ro + i);
    }
    if (i < n) {
      var m = tail(i, n);
      LaneMath.exp(load(y, yo + i, m)).fma(minusSum, load(d, o + i, m)).intoArray(r, ro + i, m);
    }
  }

  /** Contiguous logits [N, C], labels [N], losses [N]. */
  static void crossEntropy(Tensor logits, Tensor labels, Tensor losses) {
    float[] xs = logits.heap().floats();
    int[] ids = labels.heap().ints();
    float[] ls = losses.heap().floats();
    int n = logits.dim(-1);
    eachRow(
        logits,
        r -> {
          int label = ids[labels.offset() + r];
          int xo = logits.offset() + r * n;
          ls[losses.offset() + r] = label == IGNORED ? 0 : loss(xs, xo, label, n);
        });
  }

  private static float loss(float[] x, int xo, int label, int n) {
    float own = x[xo + label];
    if (own == Float.NEGATIVE_INFINITY) {
      return Float.POSITIVE_INFINITY;
    }
    float max = RowLoops.max(x, xo, n);
    float log = (float) StrictMath.log(RowLoops.sumExp(x, xo, max, n));
    return (max - own) + log;
  }

  /** Contiguous logits and dLogits [N, C], labels and dLosses [N]. */
  static void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits) {
    float[] xs = logits.heap().floats();
    int[] ids = labels.heap().ints();
    float[] ds = dLosses.heap().floats();
    float[] rs = dLogits.heap().floats();
    int n = logits.dim(-1);
    eachRow(
        logits,
        r -> {
          int label = ids[labels.offset() + r];
          int ro = dLogits.offset() + r * n;
          if (label == IGNORED) {
            Arrays.fill(rs, ro, ro + n, 0);
          } else {
            softmax(xs, logits.offset() + r * n, rs, ro, n);
            rs[ro + label] -= 1;
            RowLoops.scale(rs, ro, ds[dLosses.offset() + r], rs, ro, n);
          }
        });
  }

  private static void eachRow(Tensor x, Parallel.Task body) {
    int n = x.dim(-1);
    if (x.size() == 0) {
      return;
    }
    Parallel.range(
        x.size() / n,
        Math.max(1, PIECE / n),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            body.run(r);
          }
        });
  }
}
