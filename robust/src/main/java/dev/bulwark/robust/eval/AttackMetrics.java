package dev.bulwark.robust.eval;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What an attack achieved over a set of N examples. Means are null when nothing is averaged.
 *
 * @param examples N, all results
 * @param skipped misclassified before any change, and so not attacked
 * @param failed attacked and still right
 * @param succeeded attacked and then wrong
 * @param cleanAccuracy (N - skipped) / N
 * @param accuracyUnderAttack failed / N
 * @param successRate succeeded / (succeeded + failed): TextAttack's definition
 * @param successRateOfAll succeeded / N: OpenAttack's definition, over all inputs given
 * @param meanQueries mean queries over attacked examples, by the counting rules of {@link
 *     dev.bulwark.robust.attack.Budget}
 * @param medianQueries median of the same
 * @param perturbedWordPercent mean over successes of changed words / words, in percent; successes
 *     without a changed word are left out, as TextAttack does
 * @param meanWords mean number of words over all N
 * @param meanSimilarity mean sentence similarity over the successes for which it was measured
 * @param changedWords number of successes by number of changed words
 */
public record AttackMetrics(
    int examples,
    int skipped,
    int failed,
    int succeeded,
    Rate cleanAccuracy,
    Rate accuracyUnderAttack,
    Rate successRate,
    Rate successRateOfAll,
    @Nullable Double meanQueries,
    @Nullable Double medianQueries,
    @Nullable Double perturbedWordPercent,
    @Nullable Double meanWords,
    @Nullable Double meanSimilarity,
    SortedMap<Integer, Integer> changedWords) {

  /**
   * Measures outcomes.
   *
   * @param outcomes one per example
   * @return the metrics
   */
  public static AttackMetrics of(Collection<Outcome> outcomes) {
    int skipped = count(outcomes, o -> o.status() == Status.SKIPPED);
    int failed = count(outcomes, o -> o.status() == Status.FAILED);
    int succeeded = outcomes.size() - skipped - failed;
    List<Outcome> attacked = outcomes.stream().filter(o -> o.status() != Status.SKIPPED).toList();
    List<Outcome> successes = outcomes.stream().filter(o -> o.status() == Status.SUCCESS).toList();
    SortedMap<Integer, Integer> histogram = new TreeMap<>();
    successes.forEach(o -> histogram.merge(o.changes().size(), 1, Integer::sum));
    double[] queries = attacked.stream().mapToDouble(Outcome::queries).sorted().toArray();
    return new AttackMetrics(
        outcomes.size(),
        skipped,
        failed,
        succeeded,
        Rate.of(outcomes.size() - skipped, outcomes.size()),
        Rate.of(failed, outcomes.size()),
        Rate.of(succeeded, succeeded + failed),
        Rate.of(succeeded, outcomes.size()),
        mean(DoubleStream.of(queries)),
        median(queries),
        mean(
            successes.stream().mapToDouble(o -> 100 * o.changedShare()).filter(share -> share > 0)),
        mean(outcomes.stream().mapToDouble(Outcome::words)),
        mean(successes.stream().mapToDouble(Outcome::similarity).filter(s -> !Double.isNaN(s))),
        histogram);
  }

  private static int count(Collection<Outcome> outcomes, Predicate<Outcome> which) {
    return Math.toIntExact(outcomes.stream().filter(which).count());
  }

  private static @Nullable Double mean(DoubleStream values) {
    var mean = values.average();
    return mean.isPresent() ? mean.getAsDouble() : null;
  }

  private static @Nullable Double median(double[] sorted) {
    int n = sorted.length;
    return n == 0 ? null : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
