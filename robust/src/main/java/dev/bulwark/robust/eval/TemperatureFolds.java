package dev.bulwark.robust.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Calibration error with a temperature chosen on held-out data (RoAST, section on calibration): on
 * each tenth of the examples the temperature of lowest error is picked and applied to the others.
 *
 * @param error mean of the folds' errors, in [0, 1]
 * @param picked number of the temperature picked on each fold, in {@link #TEMPERATURES}
 * @param foldErrors error of the other folds at it
 */
public record TemperatureFolds(double error, List<Integer> picked, List<Double> foldErrors) {
  /** What logits may be divided by. */
  public static final List<Double> TEMPERATURES = List.of(0.25, 0.5, 1.0, 2.0, 4.0, 8.0);

  /** Bins of the calibration error. */
  public static final int BINS = 10;

  /** Number of folds, and the fewest examples. */
  public static final int FOLDS = 10;

  /** What the logits of the other folds are divided by. */
  public enum Divisor {
    /** The temperature that was picked, as the protocol says. */
    PAPER,
    /**
     * The temperature's number in the list, as the released code does: 0 counts as no error at all,
     * so the figures compare with nothing but other figures of that code.
     */
    RELEASED
  }

  /** Freezes the lists. */
  public TemperatureFolds {
    picked = List.copyOf(picked);
    foldErrors = List.copyOf(foldErrors);
  }

  /**
   * Runs the protocol.
   *
   * @param logits of each example, [N][C]; logarithms of probabilities do as well
   * @param labels gold classes, [N]
   * @param order a permutation of the examples, in which they are cut into folds of N / 10; the
   *     rest of the division belongs to no fold and is left out in the last round
   * @param divisor what the logits are divided by
   * @return the errors
   * @throws IllegalArgumentException if there are fewer than 10 examples or sizes disagree
   */
  public static TemperatureFolds of(double[][] logits, int[] labels, int[] order, Divisor divisor) {
    int n = logits.length;
    if (n < FOLDS || labels.length != n || order.length != n) {
      throw new IllegalArgumentException(
          "ten folds need at least 10 examples, and as many labels and places; got %d, %d and %d"
              .formatted(n, labels.length, order.length));
    }
    int size = n / FOLDS;
    int[] picked = new int[FOLDS];
    double[] errors = new double[FOLDS];
    for (int f = 0; f < FOLDS; f++) {
      int from = f * size;
      int to = from + size;
      int[] held = Arrays.copyOfRange(order, from, to);
      int end = f == FOLDS - 1 ? to : n;
      int[] others =
          IntStream.range(0, end).filter(i -> i < from || i >= to).map(i -> order[i]).toArray();
      picked[f] = best(logits, labels, held);
      double t = divisor == Divisor.PAPER ? TEMPERATURES.get(picked[f]) : picked[f];
      errors[f] = t == 0 ? 0 : calibration(logits, labels, others, t).error();
    }
    return new TemperatureFolds(
        Arrays.stream(errors).average().orElseThrow(),
        Arrays.stream(picked).boxed().toList(),
        Arrays.stream(errors).boxed().toList());
  }

  /**
   * Calibration of all examples at one temperature.
   *
   * @param logits of each example, [N][C]
   * @param labels gold classes, [N]
   * @param temperature what logits are divided by, positive
   * @return the calibration over {@value #BINS} bins
   */
  public static Calibration calibration(double[][] logits, int[] labels, double temperature) {
    return calibration(logits, labels, IntStream.range(0, logits.length).toArray(), temperature);
  }

  private static int best(double[][] logits, int[] labels, int[] held) {
    int best = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (int t = 0; t < TEMPERATURES.size(); t++) {
      double error = calibration(logits, labels, held, TEMPERATURES.get(t)).error();
      if (error < lowest) {
        lowest = error;
        best = t;
      }
    }
    return best;
  }

  private static Calibration calibration(
      double[][] logits, int[] labels, int[] which, double temperature) {
    double[] confidence = new double[which.length];
    boolean[] right = new boolean[which.length];
    for (int i = 0; i < which.length; i++) {
      double[] row = logits[which[i]];
      confidence[i] = Confidence.of(row, temperature);
      right[i] = Confidence.argmax(row) == labels[which[i]];
    }
    return Calibration.of(confidence, right, BINS);
  }
}
