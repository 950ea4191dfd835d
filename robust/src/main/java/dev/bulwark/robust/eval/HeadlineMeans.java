package dev.bulwark.robust.eval;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Five numbers for a model seen from many sides (RoAST, section on multi-perspective evaluation):
 * plain means over the data sets of a side, each set's number first cut to 3 decimals. Null where a
 * side has no set.
 *
 * @param inDistribution accuracy in percent on data like that in training
 * @param shifted accuracy in percent on data of the same task from elsewhere
 * @param adversarial accuracy in percent on adversarial data
 * @param calibration calibration error over all these sets, a fraction
 * @param anomaly area under the ROC curve of telling anomalies, a fraction
 */
public record HeadlineMeans(
    @Nullable Double inDistribution,
    @Nullable Double shifted,
    @Nullable Double adversarial,
    @Nullable Double calibration,
    @Nullable Double anomaly) {
  /**
   * Takes the means.
   *
   * @param inDistribution accuracy in percent of each set like the training data
   * @param shifted accuracy in percent of each shifted set
   * @param adversarial accuracy in percent of each adversarial set
   * @param calibration calibration error of each of these sets
   * @param anomaly area under the ROC curve of each anomaly set
   * @return the means
   */
  public static HeadlineMeans of(
      List<Double> inDistribution,
      List<Double> shifted,
      List<Double> adversarial,
      List<Double> calibration,
      List<Double> anomaly) {
    return new HeadlineMeans(
        mean(inDistribution), mean(shifted), mean(adversarial), mean(calibration), mean(anomaly));
  }

  private static @Nullable Double mean(List<Double> values) {
    return values.isEmpty()
        ? null
        : values.stream().mapToDouble(HeadlineMeans::cut).average().orElseThrow();
  }

  /** To 3 decimals, towards zero; the shortest decimal form decides, so that 0.29 stays 0.29. */
  private static double cut(double value) {
    return BigDecimal.valueOf(value).setScale(3, RoundingMode.DOWN).doubleValue();
  }
}
