package dev.bulwark.robust.attack;

import java.util.Objects;

/** An attack on one example broke off; says which example, and the cause says why. */
public final class AttackException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int example;

  AttackException(String attack, int example, Throwable cause) {
    super("%s on example %d failed: %s".formatted(attack, example, reason(cause)), cause);
    this.example = example;
  }

  private static String reason(Throwable cause) {
    return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
  }

  /** {@return position of the example in the attacked list, from 0} */
  public int example() {
    return example;
  }
}
