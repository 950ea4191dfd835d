package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Kernels that treat each row (the last axis) as one distribution or one feature vector. */
final class Rows {
  private static final int IGNORED = -100;

  private Rows() {}

  // ---- softmax

  static void softmax(Tensor x, Tensor y) {
    Walk w = Walk.rows(x, y);
    double[] row = w.buffer();
    while (w.next()) {
      w.load(0, row);
      softmax(row, w.length());
      w.store(row, 1);
    }
  }

  /** In place over the first n; all zeros if all are minus infinity. */
  private static void softmax(double[] row, int n) {
    double max = max(row, n);
    double sum = sumOfExponentials(row, n, max);
    for (int i = 0; i < n; i++) {
      row[i] = sum == 0 ? 0 : Math.exp(row[i] - max) / sum;
    }
  }

  private static double max(double[] row, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, row[i]);
    }
    return max;
  }

  /** Sum of e^(x - max); 0 if all are minus infinity, NaN if one is NaN or infinity. */
  private static double sumOfExponentials(double[] row, int n, double max) {
    double sum = 0;
    for (int i = 0; i < n && max != Double.NEGATIVE_INFINITY; i++) {
      sum += Math.exp(row[i] - max);
    }
    return sum;
  }

  /** Log of the sum of exponentials; minus infinity if every element is. */
  static double logSum(double[] row, int n) {
    double max = max(row, n);
    return max + Math.log(sumOfExponentials(row, n, max));
  }

  static void softmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    Walk w = Walk.rows(y, dy, dx);
    double[] ys = w.buffer();
    double[] ds = w.buffer();
    while (w.next()) {
      w.load(0, ys);
      w.load(1, ds);
      double dot = 0;
      for (int i = 0; i < w.length(); i++) {
        dot += ys[i] * ds[i];
      }
      for (int i = 0; i < w.length(); i++) {
        ds[i] = ys[i] * (ds[i] - dot);
      }
      w.store(ds, 2);
    }
  }

  static void logSoftmax(Tensor x, Tensor y) {
    Walk w = Walk.rows(x, y);
    double[] row = w.buffer();
    while (w.next()) {
      w.load(0, row);
      double max = max(row, w.length());
      double sum = sumOfExponentials(row, w.length(), max);
      for (int i = 0; i < w.length(); i++) {
        row[i] = sum == 0 ? Double.NEGATIVE_INFINITY : row[i] - max - Math.log(sum);
      }
      w.store(row, 1);
    }
  }

  static void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    Walk w = Walk.rows(y, dy, dx);
    double[] ys = w.buffer();
    double[] ds = w.buffer();
    while (w.next()) {
      w.load(0, ys);
      w.load(1, ds);
      double sum = 0;
      for (int i = 0; i < w.length(); i++) {
        sum += ds[i];
      }
      for (int i = 0; i < w.length(); i++) {
        ds[i] -= Math.exp(ys[i]) * sum;
      }
      w.store(ds, 2);
    }
  }

  // ---- layer normalisation

  static void layerNorm(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    double[] gains = vector(gain);
    double[] biases = vector(bias);
    double[] means = new double[x.dim(0)];
    double[] rstds = new double[x.dim(0)];
    Walk w = Walk.rows(x, y);
    double[] row = w.buffer();
    int n = row.length;
    for (int r = 0; w.next(); r++) {
      w.load(0, row);
      double m = 0;
      for (int i = 0; i < n; i++) {
        m += row[i];
      }
      m /= n;
      double variance = 0;
      for (int i = 0; i < n; i++) {
        variance += (row[i] - m) * (row[i] - m);
      }
      double s = 1 / Math.sqrt(variance / n + epsilon);
      for (int i = 0; i < n; i++) {
        row[i] = (row[i] - m) * s * gains[i] + biases[i];
      }
      w.store(row, 1);
      means[r] = m;
      rstds[r] = s;
    }
    storeVector(means, mean);
    storeVector(rstds, rstd);
  }

  static void layerNormGrad(
      Tensor dy,
      Tensor x,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      @Nullable Tensor dx,
      @Nullable Tensor dGain,
      @Nullable Tensor dBias) {
    double[] gains = vector(gain);
    double[] means = vector(mean);
    double[] rstds = vector(rstd);
    double[] gainSums = new double[gains.length];
    double[] biasSums = new double[gains.length];
    Walk w = dx == null ? Walk.rows(dy, x) : Walk.rows(dy, x, dx);
    double[] ds = w.buffer();
    double[] normal = w.buffer(); // (x - mean) * rstd
    int n = ds.length;
    for (int r = 0; w.next(); r++) {
      w.load(0, ds);
      w.load(1, normal);
      double sum = 0;
      double dot = 0;
      for (int i = 0; i < n; i++) {
        normal[i] = (normal[i] - means[r]) * rstds[r];
        gainSums[i] += ds[i] * normal[i];
        biasSums[i] += ds[i];
        ds[i] *= gains[i]; // now the gradient of the normalised row
        sum += ds[i];
        dot += ds[i] * normal[i];
      }
      if (dx != null) {
        for (int i = 0; i < n; i++) {
          ds[i] = rstds[r] * (ds[i] - sum / n - normal[i] * dot / n);
        }
        w.store(ds, 2);
      }
    }
    if (dGain != null) {
      storeVector(gainSums, dGain);
    }
    if (dBias != null) {
      storeVector(biasSums, dBias);
    }
  }

  // ---- cross-entropy

  static void crossEntropy(Tensor logits, Tensor labels, Tensor losses) {
    double[] label = vector(labels);
    double[] loss = new double[label.length];
    Walk w = Walk.rows(logits);
    double[] row = w.buffer();
    for (int r = 0; w.next(); r++) {
      w.load(0, row);
      if (label[r] != IGNORED) {
        double max = max(row, row.length);
        double own = row[(int) label[r]];
        double logSum = Math.log(sumOfExponentials(row, row.length, max)); // of x - max
        boolean impossible = own == Double.NEGATIVE_INFINITY;
        loss[r] = impossible ? Double.POSITIVE_INFINITY : max - own + logSum;
      }
    }
    storeVector(loss, losses);
  }

  static void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits) {
    double[] label = vector(labels);
    double[] dLoss = vector(dLosses);
    Walk w = Walk.rows(logits, dLogits);
    double[] row = w.buffer();
    for (int r = 0; w.next(); r++) {
      w.load(0, row);
      if (label[r] == IGNORED) {
        Arrays.fill(row, 0);
      } else {
        softmax(row, row.length);
        row[(int) label[r]] -= 1;
        for (int i = 0; i < row.length; i++) {
          row[i] *= dLoss[r];
        }
      }
      w.store(row, 1);
    }
  }

  private static double[] vector(Tensor t) {
    double[] v = new double[t.dim(0)];
    Runs.load(t, t.offset(), t.stride(0), v, v.length);
    return v;
  }

  private static void storeVector(double[] v, Tensor t) {
    Runs.store(v, v.length, t, t.offset(), t.stride(0));
  }
}
