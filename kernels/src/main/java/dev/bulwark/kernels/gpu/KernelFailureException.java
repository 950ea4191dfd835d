package dev.bulwark.kernels.gpu;

/** Work on the device failed; the device cannot be used by this process any more. */
public final class KernelFailureException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes the exception.
   *
   * @param message what failed, by which code, and what to do
   */
  public KernelFailureException(String message) {
    super(message);
  }
}
