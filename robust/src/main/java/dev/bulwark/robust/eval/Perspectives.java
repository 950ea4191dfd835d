package dev.bulwark.robust.eval;

import dev.bulwark.robust.eval.TemperatureFolds.Divisor;
import dev.bulwark.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model seen from many sides (RoAST, Kim et al., EMNLP Findings 2023): accuracy and calibration
 * on data like that in training, shifted and adversarial data, and whether it notices anomalies.
 *
 * @param sets what came out on each labelled set
 * @param anomalies how well each set of anomalies is told from ordinary inputs
 * @param headline means with the calibration error as it is
 * @param tempered the same with the calibration error after the choice of a temperature, as in the
 *     paper
 */
public record Perspectives(
    List<Labelled> sets,
    List<Anomalous> anomalies,
    HeadlineMeans headline,
    HeadlineMeans tempered) {
  /** Where a labelled set comes from. */
  public enum Side {
    /** Like the training data. */
    IN_DISTRIBUTION,
    /** The same task, from elsewhere. */
    SHIFTED,
    /** Made to mislead. */
    ADVERSARIAL
  }

  /**
   * A labelled set.
   *
   * @param name its file
   * @param side where it comes from
   * @param accuracy share of right predictions
   * @param calibrationError over {@value TemperatureFolds#BINS} bins, as it is
   * @param temperedError mean of ten folds, see {@link TemperatureFolds}; null for sets of fewer
   *     than {@value TemperatureFolds#FOLDS}
   */
  public record Labelled(
      String name,
      Side side,
      Rate accuracy,
      double calibrationError,
      @Nullable Double temperedError) {
    /**
     * Measures predictions.
     *
     * @param name the set's file
     * @param side where it comes from
     * @param classNames names of the classes, [C]
     * @param labels gold classes, [N]
     * @param probabilities predicted, [N][C]
     * @param divisor what logits are divided by in the ten folds
     * @param rng stream that shuffles the set into folds
     * @return the measures
     */
    public static Labelled of(
        String name,
        Side side,
        List<String> classNames,
        int[] labels,
        float[][] probabilities,
        Divisor divisor,
        Rng rng) {
      double[][] logits = Confidence.logits(probabilities);
      return new Labelled(
          name,
          side,
          ClassificationMetrics.of(classNames, labels, probabilities).accuracy(),
          TemperatureFolds.calibration(logits, labels, 1).error(),
          labels.length < TemperatureFolds.FOLDS
              ? null
              : TemperatureFolds.of(logits, labels, rng.permutation(labels.length), divisor)
                  .error());
    }
  }

  /**
   * A set of anomalies.
   *
   * @param name its file
   * @param size number of texts
   * @param detection how well they are told from ordinary inputs
   */
  public record Anomalous(String name, int size, AnomalyDetection detection) {}

  /**
   * Predictions on a set that lacks a class, such as natural-language inference with two labels: a
   * prediction of that class counts as another, with the same confidence.
   *
   * @param labels gold classes, [N]
   * @param probabilities predicted, [N][C]
   * @param from the class
   * @param to what it counts as
   * @return the predictions; as given if the set has the class
   */
  public static float[][] merged(int[] labels, float[][] probabilities, int from, int to) {
    if (IntStream.of(labels).anyMatch(l -> l == from)) {
      return probabilities;
    }
    return Arrays.stream(probabilities)
        .map(p -> ClassificationMetrics.argmax(p) == from ? swapped(p, from, to) : p)
        .toArray(float[][]::new);
  }

  private static float[] swapped(float[] p, int a, int b) {
    float[] other = p.clone();
    other[a] = p[b];
    other[b] = p[a];
    return other;
  }

  /** Freezes the lists. */
  public Perspectives {
    sets = List.copyOf(sets);
    anomalies = List.copyOf(anomalies);
  }

  /**
   * Puts sets together.
   *
   * @param sets any number of each side
   * @param anomalies any number
   * @return them and their means
   */
  public static Perspectives of(List<Labelled> sets, List<Anomalous> anomalies) {
    return new Perspectives(
        sets,
        anomalies,
        means(sets, anomalies, Labelled::calibrationError),
        means(sets, anomalies, Labelled::temperedError));
  }

  private static HeadlineMeans means(
      List<Labelled> sets,
      List<Anomalous> anomalies,
      Function<Labelled, @Nullable Double> calibration) {
    return HeadlineMeans.of(
        percents(sets, Side.IN_DISTRIBUTION),
        percents(sets, Side.SHIFTED),
        percents(sets, Side.ADVERSARIAL),
        known(sets.stream().map(calibration)),
        anomalies.stream().map(a -> a.detection().auroc()).toList());
  }

  private static List<Double> percents(List<Labelled> sets, Side side) {
    return known(sets.stream().filter(s -> s.side() == side).map(s -> s.accuracy().value()))
        .stream()
        .map(share -> 100 * share)
        .toList();
  }

  private static List<Double> known(Stream<@Nullable Double> values) {
    return values.filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }
}
