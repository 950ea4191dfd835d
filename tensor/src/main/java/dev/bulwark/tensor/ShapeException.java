package dev.bulwark.tensor;

/** Operands whose shapes or types do not fit an operation; the message names both and a way out. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message operation, operands with type and shape, the rule that is broken, a hint
   */
  public ShapeException(String message) {
    super(message);
  }
}
