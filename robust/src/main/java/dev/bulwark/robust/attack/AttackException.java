package dev.bulwark.robust.attack;

/** An attack on one example broke off; says which example, and the cause says why. */
public final class AttackException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int example;

  AttackException(String attack, int example, Throwable cause) {
    super("%s on example %d failed: %s".formatted(attack, example, cause.getMessage()), cause);
    this.example = example;
  }

  /** {@return position of the example in the attacked list, from 0} */
  public int example() {
    return example;
  }
}
