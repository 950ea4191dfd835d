package dev.bulwark.robust.eval;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import java.util.Comparator;
import java.util.List;

/**
 * One attack on one model.
 *
 * @param attack name of the attack
 * @param metrics what it achieved
 * @param seconds its wall time
 * @param outcomes what it did to each example, by index
 */
public record AttackResult(
    String attack, AttackMetrics metrics, double seconds, List<Outcome> outcomes) {

  /** Freezes the list. */
  public AttackResult {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * Measures outcomes and puts them in order.
   *
   * @param attack name of the attack
   * @param outcomes one per example, any order
   * @param seconds wall time of the attack
   * @return the result
   * @throws IllegalArgumentException if two outcomes have the same index
   */
  public static AttackResult of(String attack, List<Outcome> outcomes, double seconds) {
    List<Outcome> ordered =
        outcomes.stream().sorted(Comparator.comparingInt(Outcome::index)).toList();
    for (int i = 1; i < ordered.size(); i++) {
      if (ordered.get(i).index() == ordered.get(i - 1).index()) {
        throw new IllegalArgumentException(
            attack + ": example " + ordered.get(i).index() + " has two outcomes");
      }
    }
    return new AttackResult(attack, AttackMetrics.of(ordered), seconds, ordered);
  }

  /** Which examples are still classified rightly, in order. */
  boolean[] survived() {
    boolean[] survived = new boolean[outcomes.size()];
    for (int i = 0; i < survived.length; i++) {
      survived[i] = outcomes.get(i).status() == Status.FAILED;
    }
    return survived;
  }

  /** Refuses another result that is not about the same examples. */
  void requireSameExamples(AttackResult other) {
    boolean same = outcomes.size() == other.outcomes.size();
    for (int i = 0; same && i < outcomes.size(); i++) {
      Outcome mine = outcomes.get(i);
      Outcome theirs = other.outcomes.get(i);
      same =
          mine.index() == theirs.index()
              && mine.label() == theirs.label()
              && mine.original().equals(theirs.original());
    }
    if (!same) {
      throw new IllegalArgumentException(
          attack + ": the models were attacked on different examples; attack them on the same");
    }
  }
}
