package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import org.jspecify.annotations.Nullable;

/** Attention, one head of one sequence at a time, with the whole matrix of scores in memory. */
final class AttentionLoops {
  private final AttentionSpec spec;
  private final @Nullable Tensor keyBias;
  private final int heads;
  private final long[] dropoutBases;

  private AttentionLoops(AttentionSpec spec, Tensor q, @Nullable Tensor keyBias) {
    this.spec = spec;
    this.keyBias = keyBias;
    this.heads = q.dim(1);
    this.dropoutBases = spec.dropoutBases(heads);
  }

  static void attention(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums) {
    AttentionLoops loops = new AttentionLoops(spec, q, keyBias);
    for (int b = 0; b < spec.sequences(); b++) {
      for (int a = 0; a < loops.heads; a++) {
        loops.forward(b, a, q, k, v, out, logSums);
      }
    }
  }

  static void attentionGrad(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor logSums,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    AttentionLoops loops = new AttentionLoops(spec, q, keyBias);
    for (int b = 0; b < spec.sequences(); b++) {
      for (int a = 0; a < loops.heads; a++) {
        loops.backward(b, a, q, k, v, logSums, dOut, dq, dk, dv);
      }
    }
  }

  private void forward(int b, int a, Tensor q, Tensor k, Tensor v, Tensor out, Tensor logSums) {
    double[][] scores = scores(b, load(q, b, a), load(k, b, a)); // [S, S]
    double[][] vs = load(v, b, a); // [S, D]
    double[] logs = new double[scores.length];
    double[][] result = new double[scores.length][v.dim(2)];
    for (int i = 0; i < scores.length; i++) {
      logs[i] = Rows.logSum(scores[i], scores[i].length);
      for (int j = 0; j < scores.length; j++) {
        double p = probability(scores[i][j], logs[i]) * kept(b, a, i, j);
        for (int d = 0; d < vs[j].length; d++) {
          result[i][d] += p * vs[j][d];
        }
      }
    }
    store(result, out, b, a);
    Runs.store(logs, logs.length, logSums, rowStart(logSums, b, a), logSums.stride(0));
  }

  private void backward(
      int b,
      int a,
      Tensor q,
      Tensor k,
      Tensor v,
      Tensor logSums,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    double[][] qs = load(q, b, a);
    double[][] ks = load(k, b, a);
    double[][] vs = load(v, b, a);
    double[][] ds = load(dOut, b, a);
    double[][] scores = scores(b, qs, ks);
    int s = scores.length;
    double[] logs = new double[s];
    Runs.load(logSums, rowStart(logSums, b, a), logSums.stride(0), logs, s);
    double[][] dqs = new double[s][q.dim(2)];
    double[][] dks = new double[s][q.dim(2)];
    double[][] dvs = new double[s][v.dim(2)];
    double[] p = new double[s];
    double[] dp = new double[s];
    for (int i = 0; i < s; i++) {
      double dot = 0; // sum of p * dp over the row, for the softmax
      for (int j = 0; j < s; j++) {
        double kept = kept(b, a, i, j);
        p[j] = probability(scores[i][j], logs[i]);
        dp[j] = kept * dot(ds[i], vs[j]);
        dot += p[j] * dp[j];
        addScaled(p[j] * kept, ds[i], dvs[j]);
      }
      for (int j = 0; j < s; j++) {
        double dScore = spec.scale() * p[j] * (dp[j] - dot);
        addScaled(dScore, ks[j], dqs[i]);
        addScaled(dScore, qs[i], dks[j]);
      }
    }
    store(dqs, dq, b, a);
    store(dks, dk, b, a);
    store(dvs, dv, b, a);
  }

  /** scale * q kᵀ + keyBias of one head of one sequence. */
  private double[][] scores(int b, double[][] q, double[][] k) {
    double[] bias = new double[k.length];
    if (keyBias != null) {
      int start = keyBias.offset() + spec.offsets()[b] * keyBias.stride(0);
      Runs.load(keyBias, start, keyBias.stride(0), bias, bias.length);
    }
    double[][] scores = new double[q.length][k.length];
    for (int i = 0; i < q.length; i++) {
      for (int j = 0; j < k.length; j++) {
        scores[i][j] = spec.scale() * dot(q[i], k[j]) + bias[j];
      }
    }
    return scores;
  }

  private static double probability(double score, double logSum) {
    return logSum == Double.NEGATIVE_INFINITY ? 0 : Math.exp(score - logSum);
  }

  /** What dropout multiplies a probability with: 0 or 1 / (1 - p). */
  private double kept(int b, int a, int i, int j) {
    if (spec.dropout() == 0) {
      return 1;
    }
    long length = length(b);
    long stride = (length + 3) / 4 * 4;
    long element = dropoutBases[b] + (a * length + i) * stride + j;
    int threshold = Rng.threshold(spec.dropout());
    boolean dropped = Integer.compareUnsigned(spec.rng().bits(element), threshold) < 0;
    return dropped ? 0 : 1 / (1 - spec.dropout());
  }

  private int length(int b) {
    return spec.offsets()[b + 1] - spec.offsets()[b];
  }

  /** Position of token 0 of sequence b, head a. */
  private int rowStart(Tensor t, int b, int a) {
    return t.offset() + spec.offsets()[b] * t.stride(0) + a * t.stride(1);
  }

  /** One head of one sequence of t [T, A, D] as [S, D]. */
  private double[][] load(Tensor t, int b, int a) {
    double[][] rows = new double[length(b)][t.dim(2)];
    for (int i = 0; i < rows.length; i++) {
      int start = rowStart(t, b, a) + i * t.stride(0);
      Runs.load(t, start, t.stride(2), rows[i], rows[i].length);
    }
    return rows;
  }

  private void store(double[][] rows, Tensor t, int b, int a) {
    for (int i = 0; i < rows.length; i++) {
      int start = rowStart(t, b, a) + i * t.stride(0);
      Runs.store(rows[i], rows[i].length, t, start, t.stride(2));
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void addScaled(double factor, double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] += factor * x[i];
    }
  }
}
