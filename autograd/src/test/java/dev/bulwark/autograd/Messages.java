package dev.bulwark.autograd;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Looks into what errors say. */
public final class Messages {
  private Messages() {}

  /**
   * Fails unless the message has all the parts.
   *
   * @param e the error
   * @param parts what its message should contain
   */
  public static void assertSays(Throwable e, String... parts) {
    String message = String.valueOf(e.getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
    }
  }
}
