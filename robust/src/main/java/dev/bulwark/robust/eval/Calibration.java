package dev.bulwark.robust.eval;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far confidence and accuracy lie apart.
 *
 * @param error expected calibration error: the share of each bin times the distance between its
 *     mean confidence and its accuracy, summed; in [0, 1] (Guo et al. 2017)
 * @param bins equal bins of the confidence; bin b holds b/n &lt; confidence &lt;= (b+1)/n
 */
public record Calibration(double error, List<ReliabilityBin> bins) {
  /** Freezes the list. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Measures predictions.
   *
   * @param confidence probability of each predicted class, in [0, 1], [N]
   * @param right whether each prediction is right, [N]
   * @param bins number of equal bins, at least 1
   * @return the error; 0 for no predictions
   */
  public static Calibration of(double[] confidence, boolean[] right, int bins) {
    int[] counts = new int[bins];
    int[] hits = new int[bins];
    double[] sums = new double[bins];
    for (int n = 0; n < confidence.length; n++) {
      int bin = Math.clamp((long) Math.ceil(confidence[n] * bins) - 1, 0, bins - 1);
      counts[bin]++;
      sums[bin] += confidence[n];
      hits[bin] += right[n] ? 1 : 0;
    }
    List<ReliabilityBin> all = new ArrayList<>();
    double gap = 0;
    for (int b = 0; b < bins; b++) {
      @Nullable Double mean = counts[b] == 0 ? null : Double.valueOf(sums[b] / counts[b]);
      @Nullable Double share = counts[b] == 0 ? null : Double.valueOf((double) hits[b] / counts[b]);
      all.add(
          new ReliabilityBin((double) b / bins, (double) (b + 1) / bins, counts[b], mean, share));
      gap += Math.abs(sums[b] - hits[b]);
    }
    return new Calibration(gap / Math.max(1, confidence.length), all);
  }
}
