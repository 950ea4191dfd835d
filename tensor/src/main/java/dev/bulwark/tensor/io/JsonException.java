package dev.bulwark.tensor.io;

/** Text that is not the JSON it should be; the message says where and why. */
public final class JsonException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  JsonException(String message) {
    super(message);
  }
}
