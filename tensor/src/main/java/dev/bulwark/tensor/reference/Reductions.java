package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Reduce;
import java.util.Arrays;
import java.util.Comparator;

/** Kernels that fold, scan or order elements. */
final class Reductions {
  /** By value, NaN above all, both zeros equal. */
  private static final Comparator<Double> ASCENDING =
      (a, b) -> a < b ? -1 : a > b ? 1 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));

  private Reductions() {}

  static void reduce(Reduce op, Tensor x, Tensor y) {
    // Sums grow in double, in a tensor of y's shape that is seen as one of x's shape by strides 0.
    Tensor total = Tensor.empty(y.shape(), DType.F64, ReferenceBackend.INSTANCE);
    Elementwise.fill(total, identity(op));
    double[] totals = total.heap().doubles();
    Walk w = Walk.over(x, total.expand(x.shape()));
    double[] v = w.buffer();
    while (w.next()) {
      w.load(0, v);
      for (int i = 0; i < w.length(); i++) {
        int at = w.start(1) + i * w.stride(1);
        totals[at] = fold(op, totals[at], v[i]);
      }
    }
    Elementwise.copy(total, y);
  }

  private static double identity(Reduce op) {
    return switch (op) {
      case SUM -> 0;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static double fold(Reduce op, double total, double value) {
    return switch (op) {
      case SUM -> total + value;
      case MAX -> Math.max(total, value); // NaN stays NaN
      case MIN -> Math.min(total, value);
    };
  }

  static void argMax(Tensor x, Tensor y) {
    Walk w = Walk.rows(x);
    double[] row = w.buffer();
    double[] best = new double[1];
    for (int r = 0; w.next(); r++) {
      w.load(0, row);
      best[0] = argMax(row, w.length());
      Runs.store(best, 1, y, Walk.start(y, y.rank(), r), 1);
    }
  }

  private static int argMax(double[] row, int n) {
    int best = n == 0 ? -1 : 0;
    for (int i = 1; i < n; i++) {
      if (ASCENDING.compare(row[i], row[best]) > 0) {
        best = i;
      }
    }
    return best;
  }

  static void cumulativeSum(Tensor x, int axis, Tensor y) {
    Walk w = Walk.rows(x.transpose(axis, -1), y.transpose(axis, -1));
    double[] v = w.buffer();
    while (w.next()) {
      w.load(0, v);
      for (int i = 1; i < w.length(); i++) {
        v[i] += v[i - 1];
      }
      w.store(v, 1);
    }
  }

  static void sort(Tensor x, boolean descending, Tensor values, Tensor indices) {
    Comparator<Double> by = descending ? ASCENDING.reversed() : ASCENDING;
    Walk w = Walk.rows(x, values, indices);
    double[] row = w.buffer();
    double[] sorted = w.buffer();
    double[] places = w.buffer();
    while (w.next()) {
      w.load(0, row);
      Integer[] order = new Integer[w.length()];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (i, j) -> by.compare(row[i], row[j])); // stable
      for (int i = 0; i < w.length(); i++) {
        places[i] = order[i];
        sorted[i] = row[order[i]];
      }
      w.store(sorted, 1);
      w.store(places, 2);
    }
  }

  static double sumOfSquares(Tensor x) {
    Walk w = Walk.over(x);
    double[] v = w.buffer();
    double sum = 0;
    while (w.next()) {
      w.load(0, v);
      for (int i = 0; i < w.length(); i++) {
        sum += v[i] * v[i];
      }
    }
    return sum;
  }

  static boolean allFinite(Tensor x) {
    Walk w = Walk.over(x);
    double[] v = w.buffer();
    while (w.next()) {
      w.load(0, v);
      for (int i = 0; i < w.length(); i++) {
        if (!Double.isFinite(v[i])) {
          return false;
        }
      }
    }
    return true;
  }
}
