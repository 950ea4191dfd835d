package dev.bulwark.robust.attack;

/** How an attack on one example ended. */
public enum Status {
  /** The perturbed text meets the goal: for an untargeted attack, the prediction is wrong. */
  SUCCESS,
  /** The search ended, by itself or by its budget, without meeting the goal. */
  FAILED,
  /** The unchanged text met the goal already, so there was nothing to attack. */
  SKIPPED
}
