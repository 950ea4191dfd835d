package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.tail;

import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Softmax and its relatives over contiguous rows. Rows go in blocks: each step is a loop over all
 * rows of a block, small enough to be compiled well, where one loop over rows for all steps is not.
 */
final class Softmaxes {
  private static final int IGNORED = -100; // label without loss
  private static final int PIECE =
      4096; // elements that are worth a task and stay in the first cache

  private Softmaxes() {}

  static void softmax(Tensor x, Tensor y) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    int n = x.dim(-1);
    eachBlock(
        x,
        (from, to) -> {
          int xo = x.offset() + from * n;
          int yo = y.offset() + from * n;
          float[] shifts = Scratch.get().floats(Scratch.BLOCK, to - from);
          float[] sums = Scratch.get().floats(Scratch.BLOCK_2, to - from);
          Blocks.inTurn(
              () -> shifts(xs, xo, shifts, to - from, n),
              () -> exponentials(xs, xo, shifts, ys, yo, sums, to - from, n),
              () -> divide(ys, yo, sums, to - from, n));
        });
  }

  /** What is taken off each row before the exponential: its largest element, if it is finite. */
  private static void shifts(float[] x, int xo, float[] shifts, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      float max = RowLoops.maxWithoutNaN(x, xo + r * n, n);
      shifts[r] = max == Float.NEGATIVE_INFINITY ? 0 : max;
    }
  }

  /** e^(x - shift) of each row, and its sum: 0 of a row of minus infinities. */
  private static void exponentials(
      float[] x, int xo, float[] shifts, float[] y, int yo, float[] sums, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      sums[r] = RowLoops.expAndSum(x, xo + r * n, shifts[r], y, yo + r * n, n);
    }
  }

  private static void divide(float[] y, int yo, float[] sums, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      float factor = sums[r] == 0 ? 0 : 1 / sums[r];
      RowLoops.scale(y, yo + r * n, factor, y, yo + r * n, n);
    }
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
    eachBlock(
        x,
        (from, to) -> {
          int xo = x.offset() + from * n;
          int yo = y.offset() + from * n;
          float[] shifts = Scratch.get().floats(Scratch.BLOCK, to - from);
          float[] sums = Scratch.get().floats(Scratch.BLOCK_2, to - from);
          Blocks.inTurn(
              () -> shifts(xs, xo, shifts, to - from, n),
              () -> sums(xs, xo, shifts, sums, to - from, n),
              () -> subtract(xs, xo, shifts, sums, ys, yo, to - from, n));
        });
  }

  private static void sums(float[] x, int xo, float[] shifts, float[] sums, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      sums[r] = RowLoops.sumExp(x, xo + r * n, shifts[r], n);
    }
  }

  private static void subtract(
      float[] x, int xo, float[] shifts, float[] sums, float[] y, int yo, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      float log = sums[r] == 0 ? 0 : (float) StrictMath.log(sums[r]);
      subtract(x, xo + r * n, shifts[r], log, y, yo + r * n, n);
    }
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
    eachBlock(
        logits,
        (from, to) -> {
          int xo = logits.offset() + from * n;
          int ro = dLogits.offset() + from * n;
          float[] shifts = Scratch.get().floats(Scratch.BLOCK, to - from);
          float[] sums = Scratch.get().floats(Scratch.BLOCK_2, to - from);
          Blocks.inTurn(
              () -> shifts(xs, xo, shifts, to - from, n),
              () -> exponentials(xs, xo, shifts, rs, ro, sums, to - from, n),
              () -> divide(rs, ro, sums, to - from, n),
              () -> {
                for (int r = from; r < to; r++) {
                  int label = ids[labels.offset() + r];
                  toLossGrad(rs, dLogits.offset() + r * n, label, ds[dLosses.offset() + r], n);
                }
              });
        });
  }

  /** From probabilities to their distance from the label, times the gradient of the loss. */
  private static void toLossGrad(float[] r, int ro, int label, float d, int n) {
    if (label == IGNORED) {
      Arrays.fill(r, ro, ro + n, 0);
    } else {
      r[ro + label] -= 1;
      RowLoops.scale(r, ro, d, r, ro, n);
    }
  }

  private static void eachRow(Tensor x, Parallel.Task body) {
    eachBlock(
        x,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            body.run(r);
          }
        });
  }

  /** Rows in blocks that stay in the first cache. */
  private static void eachBlock(Tensor x, Parallel.Range body) {
    if (x.size() > 0) {
      int n = x.dim(-1);
      Parallel.range(x.size() / n, Math.max(1, PIECE / n), body);
    }
  }
}
