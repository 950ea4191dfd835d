package dev.bulwark.robust.method;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;

/**
 * Multinomial logistic regression: minimises mean cross-entropy + |W|^2 / (2 c N); the bias is not
 * held back.
 *
 * @param weight [C, H], row-major
 * @param bias [C]
 */
record LogisticRegression(float[] weight, float[] bias) {
  private static final int ITERATIONS = 500;
  private static final double TOLERANCE = 1e-5;

  /**
   * Labelled features.
   *
   * @param x [N, H], row-major
   * @param labels class of each row
   */
  record Data(float[] x, int[] labels) {
    int width() {
      return x.length / labels.length;
    }

    /** Some of the rows. */
    Data rows(int[] chosen) {
      int h = width();
      float[] picked = new float[chosen.length * h];
      for (int i = 0; i < chosen.length; i++) {
        System.arraycopy(x, chosen[i] * h, picked, i * h, h);
      }
      return new Data(picked, Arrays.stream(chosen).map(i -> labels[i]).toArray());
    }
  }

  /**
   * Fits.
   *
   * @param data at least one row
   * @param classes C
   * @param c inverse strength of the penalty, above 0
   * @return the minimum, the same for the same data
   */
  static LogisticRegression fit(Data data, int classes, double c) {
    int n = data.labels.length;
    int h = data.width();
    double penalty = 1 / (c * n);
    double[] parameters = new double[classes * h + classes];
    Scope.run(
        "probe",
        () -> {
          Variable x = Variable.constant(Tensor.of(Shape.of(n, h), data.x));
          Tensor labels = Tensor.of(Shape.of(n), data.labels);
          Lbfgs.minimise(
              (p, g) -> Scope.call("probe step", () -> loss(x, labels, classes, penalty, p, g)),
              parameters,
              ITERATIONS,
              TOLERANCE);
        });
    float[] all = floats(parameters);
    return new LogisticRegression(
        Arrays.copyOf(all, classes * h), Arrays.copyOfRange(all, classes * h, all.length));
  }

  private static double loss(
      Variable x, Tensor labels, int classes, double penalty, double[] p, double[] g) {
    int split = p.length - classes;
    float[] all = floats(p);
    Variable w =
        Variable.leaf("w", Tensor.of(Shape.of(classes, x.dim(1)), Arrays.copyOf(all, split)));
    Variable b =
        Variable.leaf("b", Tensor.of(Shape.of(classes), Arrays.copyOfRange(all, split, p.length)));
    Variable loss = Losses.crossEntropy(Matmul.linear(x, w, b), labels);
    double value = loss.item();
    Gradients gradients = loss.backward();
    System.arraycopy(gradients.get(w).toDoubles(), 0, g, 0, split);
    System.arraycopy(gradients.get(b).toDoubles(), 0, g, split, classes);
    for (int j = 0; j < split; j++) {
      value += penalty / 2 * p[j] * p[j];
      g[j] += penalty * p[j];
    }
    return value;
  }

  private static float[] floats(double[] x) {
    float[] f = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      f[i] = (float) x[i];
    }
    return f;
  }

  /** Share of rows whose class scores highest. */
  double accuracy(Data data) {
    int h = data.width();
    int right = 0;
    for (int i = 0; i < data.labels.length; i++) {
      int best = 0;
      double top = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < bias.length; c++) {
        double score = bias[c];
        for (int j = 0; j < h; j++) {
          score += (double) weight[c * h + j] * data.x[i * h + j];
        }
        best = score > top ? c : best;
        top = Math.max(top, score);
      }
      right += best == data.labels[i] ? 1 : 0;
    }
    return (double) right / data.labels.length;
  }
}
