package dev.bulwark.robust.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How good and how honest the predictions on a labelled set are.
 *
 * @param accuracy share of right predictions
 * @param macroF1 mean F1 over the classes that occur among labels or predictions
 * @param negativeLogLikelihood mean of -ln p(label), probabilities floored at 1e-12
 * @param brier mean over examples of the squared distance between the probabilities and the one-hot
 *     label, summed over all classes, in [0, 2] (Brier 1950)
 * @param calibrationError expected calibration error over {@value #BINS} equal bins of the top
 *     probability, in [0, 1] (Guo et al. 2017)
 * @param classes scores of each class, [C]
 * @param confusion examples by label (row) and prediction (column), [C][C]
 * @param reliability the bins behind the calibration error
 */
public record ClassificationMetrics(
    Rate accuracy,
    double macroF1,
    double negativeLogLikelihood,
    double brier,
    double calibrationError,
    List<ClassScore> classes,
    List<List<Integer>> confusion,
    List<ReliabilityBin> reliability) {

  /** Number of bins of the calibration error. */
  public static final int BINS = 15;

  private static final double FLOOR = 1e-12;

  /** Freezes the lists. */
  public ClassificationMetrics {
    classes = List.copyOf(classes);
    confusion = confusion.stream().map(List::copyOf).toList();
    reliability = List.copyOf(reliability);
  }

  /**
   * Measures predictions.
   *
   * @param classNames names of the classes, [C]
   * @param labels gold classes, [N], each in [0, C)
   * @param probabilities predicted class probabilities, [N][C], finite
   * @return the metrics; N may be 0
   * @throws IllegalArgumentException if sizes disagree, a label is out of range or a probability is
   *     not finite
   */
  public static ClassificationMetrics of(
      List<String> classNames, int[] labels, float[][] probabilities) {
    int classes = classNames.size();
    requireConsistent(classes, labels, probabilities);
    int[][] confusion = new int[classes][classes];
    double logLikelihood = 0;
    double squares = 0;
    double[] confidence = new double[labels.length];
    boolean[] right = new boolean[labels.length];
    for (int n = 0; n < labels.length; n++) {
      float[] p = probabilities[n];
      int prediction = argmax(p);
      confusion[labels[n]][prediction]++;
      logLikelihood += Math.log(Math.max(FLOOR, p[labels[n]]));
      for (int c = 0; c < classes; c++) {
        double miss = p[c] - (c == labels[n] ? 1.0 : 0.0);
        squares += miss * miss;
      }
      confidence[n] = p[prediction];
      right[n] = prediction == labels[n];
    }
    int hits = IntStream.range(0, classes).map(c -> confusion[c][c]).sum();
    List<ClassScore> scores = scores(classNames, confusion);
    Calibration calibration = Calibration.of(confidence, right, BINS);
    double total = Math.max(1, labels.length);
    return new ClassificationMetrics(
        Rate.of(hits, labels.length),
        scores.stream()
            .filter(s -> s.support() + s.predicted() > 0)
            .mapToDouble(ClassScore::f1)
            .average()
            .orElse(0),
        labels.length == 0 ? 0 : -logLikelihood / total,
        squares / total,
        calibration.error(),
        scores,
        Arrays.stream(confusion).map(r -> Arrays.stream(r).boxed().toList()).toList(),
        calibration.bins());
  }

  /**
   * The most probable class, the first of equals.
   *
   * @param probabilities at least one
   * @return its index
   */
  static int argmax(float[] probabilities) {
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      if (probabilities[c] > probabilities[best]) {
        best = c;
      }
    }
    return best;
  }

  private static List<ClassScore> scores(List<String> names, int[][] confusion) {
    List<ClassScore> scores = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      int column = c;
      int support = Arrays.stream(confusion[c]).sum();
      int predicted = Arrays.stream(confusion).mapToInt(row -> row[column]).sum();
      int hits = confusion[c][c];
      scores.add(
          new ClassScore(
              names.get(c),
              support,
              predicted,
              quotient(hits, predicted),
              quotient(hits, support),
              quotient(2 * hits, support + predicted)));
    }
    return scores;
  }

  private static double quotient(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static void requireConsistent(int classes, int[] labels, float[][] probabilities) {
    if (labels.length != probabilities.length) {
      throw new IllegalArgumentException(
          labels.length + " labels but " + probabilities.length + " predictions");
    }
    for (int n = 0; n < labels.length; n++) {
      if (labels[n] < 0 || labels[n] >= classes || probabilities[n].length != classes) {
        throw new IllegalArgumentException(
            "example %d has label %d and %d probabilities; there are %d classes"
                .formatted(n, labels[n], probabilities[n].length, classes));
      }
      for (float p : probabilities[n]) {
        if (!Float.isFinite(p)) {
          throw new IllegalArgumentException(
              "example " + n + " has the probability " + p + "; has the model diverged?");
        }
      }
    }
  }
}
