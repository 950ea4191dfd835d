package dev.bulwark.robust.attack;

/**
 * How many queries an attack may spend on one example.
 *
 * <p>What counts: the first, clean prediction is 1; every text handed over for scoring is 1,
 * whether the model has to be run for it or its answer is known already; probes for word importance
 * count. Constraint models (sentence encoder, tagger) never count. A list of candidates longer than
 * what is left is cut to it, and the search ends when the count reaches the limit.
 *
 * @param maxQueries limit on the count above, at least 1
 */
public record Budget(int maxQueries) {
  /** Refuses a limit that does not even pay for the clean prediction. */
  public Budget {
    if (maxQueries < 1) {
      throw new IllegalArgumentException(
          "query budget is " + maxQueries + "; it must be at least 1 (the clean prediction)");
    }
  }

  /** {@return a budget without limit} */
  public static Budget unlimited() {
    return new Budget(Integer.MAX_VALUE);
  }
}
