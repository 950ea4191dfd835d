package dev.bulwark.nn.checkpoint;

/**
 * A model file that cannot be used: damaged, incomplete, of an unknown form, or not what the caller
 * expects.
 *
 * <p>The message is one sentence that names the file, the rule that was broken and, where there is
 * one, the tensor and the fix. Failures of the disk or of a fetch are {@link java.io.IOException}s
 * instead.
 */
public class CheckpointException extends IllegalArgumentException {
  /**
   * An exception with a message for the user.
   *
   * @param message file, rule and fix
   */
  public CheckpointException(String message) {
    super(message);
  }

  /**
   * An exception with a message for the user and what caused it.
   *
   * @param message file, rule and fix
   * @param cause what went wrong below
   */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  static CheckpointException at(String where, String rule) {
    return new CheckpointException(where + ": " + rule);
  }
}
