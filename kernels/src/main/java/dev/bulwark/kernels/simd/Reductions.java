package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Reduce;
import java.util.Arrays;

/**
 * Sums and extremes of contiguous tensors over a run of neighbouring axes: x as [outer, reduced,
 * inner], y as [outer, inner].
 *
 * <p>The reduced axis is cut into pieces of fixed size; pieces are joined in order.
 */
final class Reductions {
  private static final int ROWS = 64; // rows in a piece when whole rows are added up
  private static final int RUN = 16_384; // elements in a piece when a row is added up

  private Reductions() {}

  /** Tries the fast ways; false if the axes are not neighbours. */
  static boolean reduce(Reduce op, Tensor x, Tensor y) {
    int first = -1;
    int last = -1;
    for (int axis = 0; axis < x.rank(); axis++) {
      if (x.dim(axis) != y.dim(axis)) {
        first = first < 0 ? axis : first;
        last = axis;
      }
    }
    if (first < 0 || x.size() == 0) {
      return false;
    }
    int outer = 1;
    int reduced = 1;
    int inner = 1;
    for (int axis = 0; axis < x.rank(); axis++) {
      if (axis < first) {
        outer *= x.dim(axis);
      } else if (axis > last) {
        inner *= x.dim(axis);
      } else if (x.dim(axis) == y.dim(axis) && x.dim(axis) != 1) {
        return false;
      } else {
        reduced *= x.dim(axis);
      }
    }
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    if (inner == 1) {
      rows(op, outer, reduced, xs, x.offset(), ys, y.offset());
    } else {
      columns(op, outer, reduced, inner, xs, x.offset(), ys, y.offset());
    }
    return true;
  }

  private static void rows(Reduce op, int outer, int n, float[] x, int xo, float[] y, int yo) {
    if (n <= RUN) {
      Parallel.range(
          outer,
          Math.max(1, RUN / n),
          (from, to) -> {
            for (int r = from; r < to; r++) {
              y[yo + r] = row(op, x, xo + r * n, n);
            }
          });
      return;
    }
    int pieces = (n + RUN - 1) / RUN;
    float[] partial = Scratch.get().floats(Scratch.PARTIAL, pieces);
    for (int r = 0; r < outer; r++) {
      int start = xo + r * n;
      Parallel.range(
          n, RUN, (from, to) -> partial[from / RUN] = row(op, x, start + from, to - from));
      y[yo + r] = join(op, partial, pieces);
    }
  }

  private static float row(Reduce op, float[] x, int o, int n) {
    return switch (op) {
      case SUM -> RowLoops.sum(x, o, n);
      case MAX -> RowLoops.max(x, o, n);
      case MIN -> RowLoops.min(x, o, n);
    };
  }

  private static float join(Reduce op, float[] partial, int pieces) {
    if (op != Reduce.SUM) {
      return row(op, partial, 0, pieces);
    }
    double sum = 0;
    for (int p = 0; p < pieces; p++) {
      sum += partial[p];
    }
    return (float) sum;
  }

  private static void columns(
      Reduce op, int outer, int n, int inner, float[] x, int xo, float[] y, int yo) {
    int pieces = (n + ROWS - 1) / ROWS;
    if (pieces == 1) {
      Parallel.range(
          outer,
          Math.max(1, RUN / (n * inner)),
          (from, to) -> {
            for (int r = from; r < to; r++) {
              addUp(op, x, xo + r * n * inner, n, inner, y, yo + r * inner);
            }
          });
      return;
    }
    float[] partial = Scratch.get().floats(Scratch.PARTIAL, Math.multiplyExact(pieces, inner));
    for (int r = 0; r < outer; r++) {
      int start = xo + r * n * inner;
      Parallel.range(
          n,
          ROWS,
          (from, to) ->
              addUp(op, x, start + from * inner, to - from, inner, partial, from / ROWS * inner));
      addUp(op, partial, 0, pieces, inner, y, yo + r * inner);
    }
  }

  /** y[inner] = rows of x [n, inner] added up (or their extremes). */
  private static void addUp(Reduce op, float[] x, int xo, int n, int inner, float[] y, int yo) {
    float start =
        switch (op) {
          case SUM -> 0;
          case MAX -> Float.NEGATIVE_INFINITY;
          case MIN -> Float.POSITIVE_INFINITY;
        };
    Arrays.fill(y, yo, yo + inner, start);
    for (int i = 0; i < n; i++) {
      switch (op) {
        case SUM -> RowLoops.add(x, xo + i * inner, y, yo, inner);
        case MAX -> RowLoops.max(x, xo + i * inner, y, yo, inner);
        case MIN -> RowLoops.min(x, xo + i * inner, y, yo, inner);
      }
    }
  }

  /** Contiguous x. */
  static double sumOfSquares(Tensor x) {
    float[] xs = x.heap().floats();
    int pieces = (int) (((long) x.size() + RUN - 1) / RUN);
    double[] partial = new double[pieces];
    Parallel.range(
        x.size(),
        RUN,
        (from, to) ->
            partial[from / RUN] = RowLoops.sumOfSquaresInDouble(xs, x.offset() + from, to - from));
    double sum = 0;
    for (double p : partial) {
      sum += p;
    }
    return sum;
  }

  /** Contiguous x. */
  static boolean allFinite(Tensor x) {
    float[] xs = x.heap().floats();
    int pieces = (int) (((long) x.size() + RUN - 1) / RUN);
    boolean[] finite = new boolean[Math.max(pieces, 1)];
    Arrays.fill(finite, true);
    Parallel.range(
        x.size(),
        RUN,
        (from, to) -> finite[from / RUN] = RowLoops.allFinite(xs, x.offset() + from, to - from));
    for (boolean f : finite) {
      if (!f) {
        return false;
      }
    }
    return true;
  }
}
