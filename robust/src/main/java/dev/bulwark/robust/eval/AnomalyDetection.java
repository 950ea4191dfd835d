package dev.bulwark.robust.eval;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How well a score tells anomalies, the positive class, from ordinary inputs.
 *
 * @param auroc chance that an anomaly scores higher than an ordinary input, equal scores counting
 *     half; in [0, 1], 0.5 for a score that knows nothing
 * @param averagePrecision mean precision over the anomalies, by falling score; equal scores are one
 *     step
 * @param falsePositiveRate share of the ordinary inputs that are taken for anomalies when 95 % of
 *     the anomalies are found: those above the 5th percentile of the anomalies' scores (FPR95)
 */
public record AnomalyDetection(double auroc, double averagePrecision, double falsePositiveRate) {
  /**
   * Measures scores.
   *
   * @param ordinary scores of inputs like those in training, at least one
   * @param anomalous scores of other inputs, at least one
   * @return the measures
   * @throws IllegalArgumentException if there are no scores of one kind
   */
  public static AnomalyDetection of(double[] ordinary, double[] anomalous) {
    if (ordinary.length == 0 || anomalous.length == 0) {
      throw new IllegalArgumentException(
          "telling anomalies needs inputs of both kinds; got %d ordinary and %d anomalous"
              .formatted(ordinary.length, anomalous.length));
    }
    double threshold = percentile(anomalous, 0.05);
    long alarms = Arrays.stream(ordinary).filter(s -> s > threshold).count();
    Curve curve = curve(ordinary, anomalous);
    return new AnomalyDetection(curve.area, curve.precision, (double) alarms / ordinary.length);
  }

  private record Curve(double area, double precision) {}

  /** Walks down the scores, equal ones in one step. */
  private static Curve curve(double[] ordinary, double[] anomalous) {
    int n = ordinary.length + anomalous.length;
    double[] scores = Arrays.copyOf(ordinary, n);
    System.arraycopy(anomalous, 0, scores, ordinary.length, anomalous.length);
    int[] falling =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    double above = 0; // pairs in which the anomaly scores higher, equal ones half
    double precision = 0;
    long found = 0;
    long alarms = 0;
    for (int from = 0; from < n; ) {
      int to = from;
      long hits = 0;
      while (to < n && scores[falling[to]] == scores[falling[from]]) {
        hits += falling[to] >= ordinary.length ? 1 : 0;
        to++;
      }
      long misses = to - from - hits;
      above += misses * (found + hits / 2.0);
      found += hits;
      alarms += misses;
      precision += (double) hits / anomalous.length * found / (found + alarms);
      from = to;
    }
    return new Curve(above / ((double) ordinary.length * anomalous.length), precision);
  }

  /** With linear interpolation between the two nearest. */
  private static double percentile(double[] values, double share) {
    double[] rising = values.clone();
    Arrays.sort(rising);
    double place = share * (rising.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, rising.length - 1);
    return rising[below] + (place - below) * (rising[above] - rising[below]);
  }
}
