package dev.bulwark.nn.text;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** For tests of what is refused. */
final class Refusals {
  private Refusals() {}

  /** Asserts that a call is refused as bad input, and gives the message. */
  static String refusal(Executable call) {
    var error = assertThrows(IllegalArgumentException.class, call);
    return Objects.requireNonNull(error.getMessage());
  }
}
