package dev.bulwark.robust.data;

/**
 * A data file is not what it should be; the message names the file, the place and the remedy in one
 * line.
 */
public final class DataException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message one sentence, without a line break
   */
  public DataException(String message) {
    super(message);
  }

  /**
   * Says what is wrong and keeps what revealed it.
   *
   * @param message one sentence, without a line break
   * @param cause the error underneath
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }

  static DataException at(String file, long line, String what) {
    return new DataException(file + ", line " + line + ": " + what);
  }

  static DataException at(String file, long line, String what, Throwable cause) {
    return new DataException(file + ", line " + line + ": " + what, cause);
  }
}
