package dev.bulwark.robust.attack;

import java.util.List;

/**
 * The result of attacking a list of examples.
 *
 * @param attack name of the attack
 * @param outcomes one per example, in their order
 * @param work what it took; examples taken over from a log cost nothing
 */
public record AttackRun(String attack, List<Outcome> outcomes, Work work) {
  /** Freezes the list. */
  public AttackRun {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * Model work, as opposed to queries: texts asked for by several searches of a round, or twice by
   * one, are run once.
   *
   * @param rounds times at which all searches waited and were served
   * @param victimTexts texts the victim was run on
   * @param victimBatches calls to the victim
   * @param encoderTexts texts the sentence encoder was run on
   * @param encoderBatches calls to the sentence encoder
   */
  public record Work(
      long rounds, long victimTexts, long victimBatches, long encoderTexts, long encoderBatches) {}
}
