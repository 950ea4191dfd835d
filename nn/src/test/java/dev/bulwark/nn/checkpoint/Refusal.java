package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** Looks at the message of a failure that must happen. */
final class Refusal {
  private Refusal() {}

  /** The message of a {@link CheckpointException}. */
  static String of(Executable body) {
    return of(CheckpointException.class, body);
  }

  /** The message of an exception of some type. */
  static String of(Class<? extends Throwable> type, Executable body) {
    return Objects.requireNonNull(assertThrows(type, body).getMessage());
  }

  /** Checks how the message of a {@link CheckpointException} starts and what it says. */
  static void says(String start, String rule, Executable body) {
    String message = of(body);
    assertTrue(message.startsWith(start) && message.contains(rule), message);
  }
}
