package dev.bulwark.robust.eval;

import java.util.Arrays;

/** How sure a row of logits is. */
public final class Confidence {
  private Confidence() {}

  /**
   * The largest softmax probability.
   *
   * @param logits of one example, [C], finite or negative infinity
   * @param temperature what they are divided by, positive
   * @return the probability of the predicted class, in [1/C, 1]
   */
  public static double of(double[] logits, double temperature) {
    double largest = logits[argmax(logits)];
    double sum = Arrays.stream(logits).map(l -> Math.exp((l - largest) / temperature)).sum();
    return 1 / sum;
  }

  /**
   * The predicted class, the first of equals.
   *
   * @param logits of one example, [C]
   * @return its number
   */
  public static int argmax(double[] logits) {
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    return best;
  }

  /**
   * Logits that give these probabilities: their logarithms.
   *
   * @param probabilities of N examples, [N][C]
   * @return logits, [N][C]
   */
  public static double[][] logits(float[][] probabilities) {
    return Arrays.stream(probabilities)
        .map(row -> {
          double[] logs = new double[row.length];
          Arrays.setAll(logs, c -> Math.log(row[c]));
          return logs;
        })
        .toArray(double[][]::new);
  }

  /**
   * Scores that tell anomalies: the less sure the model, the higher (Hendrycks and Gimpel 2017).
   *
   * @param logits of N examples, [N][C]
   * @return minus the largest probability of each, [N]
   */
  public static double[] anomalyScores(double[][] logits) {
    return Arrays.stream(logits).mapToDouble(l -> -of(l, 1)).toArray();
  }
}
