package dev.bulwark.robust.attack;

/**
 * How far a run has come.
 *
 * @param total number of examples
 * @param succeeded of them attacked with success
 * @param failed of them attacked without
 * @param skipped of them wrong to begin with
 */
public record AttackProgress(int total, int succeeded, int failed, int skipped) {
  /** {@return the number of finished examples} */
  public int done() {
    return succeeded + failed + skipped;
  }

  AttackProgress plus(Status status) {
    return switch (status) {
      case SUCCESS -> new AttackProgress(total, succeeded + 1, failed, skipped);
      case FAILED -> new AttackProgress(total, succeeded, failed + 1, skipped);
      case SKIPPED -> new AttackProgress(total, succeeded, failed, skipped + 1);
    };
  }
}
