package dev.bulwark.autograd;

/** A NaN or an infinity came up where finite numbers were expected; the message says where. */
public final class NonFiniteException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message op, operands, where the first bad number is and which operand brought it
   */
  public NonFiniteException(String message) {
    super(message);
  }
}
