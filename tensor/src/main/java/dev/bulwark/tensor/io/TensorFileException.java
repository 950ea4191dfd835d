package dev.bulwark.tensor.io;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of tensors that breaks a rule of its format. The message is one sentence: file, tensor,
 * what is wrong, and what to do.
 */
public final class TensorFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What to do about a file that is damaged beyond doubt. */
  static final String DAMAGED = "the file is damaged; fetch or write it again";

  private final transient @Nullable Path file;
  private final @Nullable String tensor;

  /**
   * Makes the exception.
   *
   * @param file the file
   * @param tensor name of the tensor it is about, or null if it is about the whole file
   * @param problem what is wrong
   * @param fix what to do
   */
  public TensorFileException(Path file, @Nullable String tensor, String problem, String fix) {
    this(file, tensor, problem, fix, null);
  }

  /**
   * Makes the exception.
   *
   * @param file the file
   * @param tensor name of the tensor it is about, or null if it is about the whole file
   * @param problem what is wrong
   * @param fix what to do
   * @param cause what it comes from, or null
   */
  public TensorFileException(
      Path file, @Nullable String tensor, String problem, String fix, @Nullable Throwable cause) {
    super(
        file
            + ": "
            + (tensor == null ? "" : "tensor " + quote(tensor) + " ")
            + problem
            + "; "
            + fix,
        cause);
    this.file = file;
    this.tensor = tensor;
  }

  /**
   * The file.
   *
   * @return its path; null only after serialisation
   */
  public @Nullable Path file() {
    return file;
  }

  /**
   * The tensor.
   *
   * @return its name, or null if the whole file is wrong
   */
  public @Nullable String tensor() {
    return tensor;
  }

  /** A name from a file, made safe for one line of a message. */
  static String quote(String name) {
    StringBuilder s = new StringBuilder("'");
    name.codePoints()
        .limit(100)
        .forEach(c -> s.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
    return s.append(name.codePointCount(0, name.length()) > 100 ? "...'" : "'").toString();
  }
}
