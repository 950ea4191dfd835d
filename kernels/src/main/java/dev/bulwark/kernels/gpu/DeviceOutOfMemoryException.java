package dev.bulwark.kernels.gpu;

/** The device has no memory of that size left, even after giving back all that was cached. */
public final class DeviceOutOfMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes the exception.
   *
   * @param message how much was asked for, used and cached, and what to do
   */
  public DeviceOutOfMemoryException(String message) {
    super(message);
  }
}
