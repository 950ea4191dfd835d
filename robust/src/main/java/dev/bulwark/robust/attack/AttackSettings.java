package dev.bulwark.robust.attack;

/**
 * How a run of attacks is carried out. Only seed and budget bear on results.
 *
 * @param seed root of every example's random stream
 * @param budget limit on queries per example
 * @param inFlight examples attacked side by side, at least 1
 * @param batchSize texts per call of a model at most, at least 1
 * @param provenance what victim and resources are, for example a model folder and a vector file; a
 *     log is continued only by a run of the same
 */
public record AttackSettings(
    long seed, Budget budget, int inFlight, int batchSize, String provenance) {
  /** Refuses sizes below 1. */
  public AttackSettings {
    if (inFlight < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "examples in flight and batch size must be at least 1, got %d and %d"
              .formatted(inFlight, batchSize));
    }
  }

  /**
   * No query limit, 64 examples side by side, 64 texts a batch.
   *
   * @param seed root of every example's random stream
   * @return the settings
   */
  public static AttackSettings seeded(long seed) {
    return new AttackSettings(seed, Budget.unlimited(), 64, 64, "");
  }

  /**
   * The same with a query limit.
   *
   * @param limit queries per example
   * @return a copy
   */
  public AttackSettings withBudget(Budget limit) {
    return new AttackSettings(seed, limit, inFlight, batchSize, provenance);
  }

  /**
   * The same for a named victim and resources.
   *
   * @param text what they are
   * @return a copy
   */
  public AttackSettings withProvenance(String text) {
    return new AttackSettings(seed, budget, inFlight, batchSize, text);
  }

  /**
   * The same with other sizes.
   *
   * @param examples examples side by side
   * @param texts texts a batch
   * @return a copy
   */
  public AttackSettings withSizes(int examples, int texts) {
    return new AttackSettings(seed, budget, examples, texts, provenance);
  }
}
