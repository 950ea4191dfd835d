package dev.bulwark.robust.eval;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import java.util.Collection;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * An attack's outcomes as RSMI's report has them; rates in percent, null where nothing is counted.
 *
 * @param cleanAccuracy C-Acc: examples that were right before the attack
 * @param robustAccuracy R-Acc: examples that were still right after it
 * @param successRate ASR: successes among the attacked
 * @param perturbed Pert: mean share of changed words over the successes
 * @param queries Avg-Q: mean queries over the attacked
 * @param queriesOfSuccesses AvgS-Q
 * @param queriesOfFailures AvgF-Q
 */
public record AttackSummary(
    @Nullable Double cleanAccuracy,
    @Nullable Double robustAccuracy,
    @Nullable Double successRate,
    @Nullable Double perturbed,
    @Nullable Double queries,
    @Nullable Double queriesOfSuccesses,
    @Nullable Double queriesOfFailures) {
  /**
   * Sums outcomes up.
   *
   * @param outcomes one per example
   * @return the summary
   */
  public static AttackSummary of(Collection<Outcome> outcomes) {
    AttackMetrics metrics = AttackMetrics.of(outcomes);
    return new AttackSummary(
        percent(metrics.cleanAccuracy()),
        percent(metrics.accuracyUnderAttack()),
        percent(metrics.successRate()),
        mean(outcomes, o -> o.status() == Status.SUCCESS, o -> 100 * o.changedShare()),
        metrics.meanQueries(),
        mean(outcomes, o -> o.status() == Status.SUCCESS, Outcome::queries),
        mean(outcomes, o -> o.status() == Status.FAILED, Outcome::queries));
  }

  private static @Nullable Double percent(Rate rate) {
    Double value = rate.value();
    return value == null ? null : 100 * value;
  }

  private static @Nullable Double mean(
      Collection<Outcome> outcomes, Predicate<Outcome> which, ToDoubleFunction<Outcome> number) {
    OptionalDouble mean = outcomes.stream().filter(which).mapToDouble(number).average();
    return mean.isPresent() ? mean.getAsDouble() : null;
  }
}
