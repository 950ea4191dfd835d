package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products: operands are packed to dense doubles, multiplied in blocks, and written back.
 */
final class Products {
  private static final int INNER_BLOCK = 64; // rows of b in a block
  private static final int COLUMN_BLOCK = 512; // 64 x 512 doubles of b stay in the second cache

  private Products() {}

  static void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    int lead = c.rank() - 2;
    int m = c.dim(-2);
    int n = c.dim(-1);
    int k = a.dim(-1);
    int batches = c.size() == 0 ? 0 : c.size() / (m * n);
    double[] row = new double[n];
    double[] right = {};
    int packed = -1; // where the matrix in "right" began: weights are often one matrix for all
    for (int batch = 0; batch < batches; batch++) {
      double[] left = pack(a, Walk.start(a, lead, batch));
      int start = Walk.start(b, lead, batch);
      if (start != packed) {
        right = pack(b, start);
        packed = start;
      }
      double[] product = multiply(left, right, m, k, n);
      int to = Walk.start(c, lead, batch);
      for (int i = 0; i < m; i++) {
        int at = to + i * c.stride(-2);
        if (beta != 0) {
          Runs.load(c, at, c.stride(-1), row, n);
        }
        for (int j = 0; j < n; j++) {
          double p = alpha * product[i * n + j];
          row[j] = beta == 0 ? p : p + beta * row[j];
        }
        Runs.store(row, n, c, at, c.stride(-1));
      }
    }
  }

  static void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
    int m = y.dim(0);
    int n = y.dim(1);
    int k = x.dim(1);
    double[] product = multiply(pack(x, x.offset()), pack(w.transpose(0, 1), w.offset()), m, k, n);
    double[] shift = new double[n];
    if (bias != null) {
      Runs.load(bias, bias.offset(), bias.stride(0), shift, n);
    }
    double[] row = new double[n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        row[j] = product[i * n + j] + shift[j];
      }
      Runs.store(row, n, y, y.offset() + i * y.stride(0), y.stride(1));
    }
  }

  /** The matrix of t's last two axes that begins at start, row-major. */
  private static double[] pack(Tensor t, int start) {
    int rows = t.dim(-2);
    int columns = t.dim(-1);
    double[] dense = new double[Math.multiplyExact(rows, columns)];
    double[] row = new double[columns];
    for (int i = 0; i < rows; i++) {
      Runs.load(t, start + i * t.stride(-2), t.stride(-1), row, columns);
      System.arraycopy(row, 0, dense, i * columns, columns);
    }
    return dense;
  }

  /** c = a b for dense a [m, k] and b [k, n]; each sum runs over k in ascending order. */
  private static double[] multiply(double[] a, double[] b, int m, int k, int n) {
    double[] c = new double[Math.multiplyExact(m, n)];
    for (int j0 = 0; j0 < n; j0 += COLUMN_BLOCK) {
      int j1 = Math.min(n, j0 + COLUMN_BLOCK);
      for (int p0 = 0; p0 < k; p0 += INNER_BLOCK) {
        int p1 = Math.min(k, p0 + INNER_BLOCK);
        for (int i = 0; i < m; i++) {
          int p = p0;
          for (; p + 4 <= p1; p += 4) {
            addFourRows(a, i * k + p, b, p * n + j0, n, c, i * n + j0, j1 - j0);
          }
          for (; p < p1; p++) {
            addRow(a[i * k + p], b, p * n + j0, c, i * n + j0, j1 - j0);
          }
        }
      }
    }
    return c;
  }

  /** c[cAt + j] += factor * b[bAt + j]. */
  private static void addRow(double factor, double[] b, int bAt, double[] c, int cAt, int n) {
    for (int j = 0; j < n; j++) {
      c[cAt + j] += factor * b[bAt + j];
    }
  }

  /**
   * The same four times over rows of b that are n apart: c is read and written once, not four
   * times.
   */
  private static void addFourRows(
      double[] a, int aAt, double[] b, int bAt, int n, double[] c, int cAt, int count) {
    double f0 = a[aAt];
    double f1 = a[aAt + 1];
    double f2 = a[aAt + 2];
    double f3 = a[aAt + 3];
    int b1 = bAt + n;
    int b2 = b1 + n;
    int b3 = b2 + n;
    for (int j = 0; j < count; j++) {
      c[cAt + j] = c[cAt + j] + f0 * b[bAt + j] + f1 * b[b1 + j] + f2 * b[b2 + j] + f3 * b[b3 + j];
    }
  }
}
