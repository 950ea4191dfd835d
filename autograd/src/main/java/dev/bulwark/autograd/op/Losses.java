package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.error;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import java.util.Arrays;
import java.util.List;

/** What training makes small. All logarithms are natural. */
public final class Losses {
  /** Label of rows that do not count. */
  public static final int IGNORED = -100;

  private Losses() {}

  /**
   * Cross-entropy of each row.
   *
   * @param logits [N, C]
   * @param labels I32 [N], classes in [0, C) or {@link #IGNORED}
   * @return losses [N]; 0 for ignored rows
   */
  public static Variable crossEntropyRows(Variable logits, Tensor labels) {
    checkLabels(logits, labels);
    Tensor y = Operands.emptyLike(logits.value(), labels.shape());
    y.kernels().crossEntropy(logits.value(), labels, y);
    return Node.of(
        "crossEntropy",
        y,
        List.of(logits),
        (dy, to) ->
            to.add(
                0,
                () -> {
                  Tensor dx = Operands.emptyLike(logits.value());
                  dx.kernels().crossEntropyGrad(logits.value(), labels, dy, dx);
                  return dx;
                }));
  }

  /**
   * Mean cross-entropy of the rows that count.
   *
   * @param logits [N, C]
   * @param labels I32 [N], classes in [0, C) or {@link #IGNORED}
   * @return a scalar; 0 if no row counts
   */
  public static Variable crossEntropy(Variable logits, Tensor labels) {
    return meanOfCounted(crossEntropyRows(logits, labels), labels);
  }

  /**
   * Mean cross-entropy against labels mixed with the uniform distribution (Szegedy et al. 2016).
   *
   * @param logits [N, C]
   * @param labels I32 [N], classes in [0, C) or {@link #IGNORED}
   * @param smoothing share of the uniform distribution, in [0, 1]
   * @return a scalar; 0 if no row counts
   */
  public static Variable crossEntropy(Variable logits, Tensor labels, double smoothing) {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: smoothing " + smoothing + " is not in [0, 1]");
    }
    Variable hard = crossEntropyRows(logits, labels);
    Variable uniform = Reductions.mean(Normalisation.logSoftmax(logits, -1), -1).times(-1);
    Tensor ignored = labels.with(Binary.EQ, Operands.scalar(labels, IGNORED));
    Variable soft = Elementwise.maskedFill(uniform, ignored, 0);
    return meanOfCounted(hard.times(1 - smoothing).plus(soft.times(smoothing)), labels);
  }

  private static Variable meanOfCounted(Variable rows, Tensor labels) {
    int counted = 0;
    for (int label : labels.toInts()) {
      counted += label == IGNORED ? 0 : 1;
    }
    return rows.sum().times(1.0 / Math.max(counted, 1));
  }

  private static void checkLabels(Variable logits, Tensor labels) {
    Operands.needFloating("crossEntropy", logits);
    Operands.needType("crossEntropy", "labels", labels, DType.I32);
    if (logits.shape().rank() != 2 || !labels.shape().equals(Shape.of(logits.dim(0)))) {
      throw error(
          "crossEntropy",
          "needs logits [N, C] and labels [N]; reshape longer ones",
          "logits",
          logits,
          "labels",
          labels);
    }
    int[] values = labels.toInts();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != IGNORED && (values[i] < 0 || values[i] >= logits.dim(1))) {
        throw error(
            "crossEntropy",
            "label " + values[i] + " of row " + i + " is neither a class nor " + IGNORED,
            "logits",
            logits,
            "labels",
            labels);
      }
    }
  }

  /**
   * Kullback-Leibler divergence of two distributions given by logits, mean over rows.
   *
   * @param p logits [N, C] of the distribution under which the mean is taken; finite
   * @param q logits [N, C] of the other; finite
   * @return a scalar, sum of softmax(p) (log softmax(p) - log softmax(q)) / N
   */
  public static Variable klDivergence(Variable p, Variable q) {
    checkPair("klDivergence", p, q);
    Variable logP = Normalisation.logSoftmax(p, -1);
    Variable logQ = Normalisation.logSoftmax(q, -1);
    return perRow(Elementwise.exp(logP).times(logP.minus(logQ)));
  }

  /**
   * KL(p, q) + KL(q, p), mean over rows.
   *
   * @param p logits [N, C]; finite
   * @param q logits [N, C]; finite
   * @return a scalar, sum of (softmax(p) - softmax(q)) (log softmax(p) - log softmax(q)) / N
   */
  public static Variable symmetricKl(Variable p, Variable q) {
    checkPair("symmetricKl", p, q);
    Variable logP = Normalisation.logSoftmax(p, -1);
    Variable logQ = Normalisation.logSoftmax(q, -1);
    Variable difference = Elementwise.exp(logP).minus(Elementwise.exp(logQ));
    return perRow(difference.times(logP.minus(logQ)));
  }

  private static Variable perRow(Variable terms) {
    return terms.sum().times(1.0 / Math.max(terms.dim(0), 1));
  }

  private static void checkPair(String op, Variable p, Variable q) {
    if (p.shape().rank() != 2 || !p.shape().equals(q.shape())) {
      throw error(op, "needs two [N, C]", "p", p, "q", q);
    }
  }

  /**
   * Mean squared difference.
   *
   * @param a any shape
   * @param b the same shape
   * @return a scalar
   */
  public static Variable mse(Variable a, Variable b) {
    if (!a.shape().equals(b.shape())) {
      throw error("mse", "the shapes must be equal", "a", a, "b", b);
    }
    return Elementwise.square(a.minus(b)).mean();
  }

  /**
   * Mean cross-entropy of independent yes-no answers.
   *
   * @param logits any shape
   * @param targets the same shape and type, numbers in [0, 1]
   * @return a scalar, mean of log(1 + e^logit) - logit target
   */
  public static Variable binaryCrossEntropyWithLogits(Variable logits, Tensor targets) {
    if (!logits.shape().equals(targets.shape())) {
      throw error(
          "binaryCrossEntropyWithLogits",
          "the shapes must be equal",
          "logits",
          logits,
          "targets",
          targets);
    }
    Variable answered = logits.times(Variable.constant(targets));
    return Elementwise.softplus(logits).minus(answered).mean();
  }

  /**
   * InfoNCE (van den Oord et al. 2018): row i of one side must pick row i of the other by cosine.
   *
   * @param queries [N, H]
   * @param keys [N, H]
   * @param temperature divides the cosines, above 0
   * @return a scalar, mean cross-entropy over the queries
   */
  public static Variable infoNce(Variable queries, Variable keys, double temperature) {
    checkPair("infoNce", queries, keys);
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("infoNce: temperature " + temperature + " is not above 0");
    }
    int n = queries.dim(0);
    int[] diagonal = new int[n];
    Arrays.setAll(diagonal, i -> i);
    Variable cosines =
        Similarity.normalise(queries, -1).matmul(Similarity.normalise(keys, -1).transpose(0, 1));
    Tensor labels = Tensor.of(Shape.of(n), diagonal).to(queries.value().backend());
    return crossEntropy(cosines.times(1 / temperature), labels);
  }
}
