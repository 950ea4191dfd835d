package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.CheckpointException;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Turns errors into one line and an exit code. */
final class Failures {
  /** Something went wrong that the user's input is not to blame for. */
  static final int FAILED = 1;

  /** Wrong usage, or input that cannot be used. */
  static final int USAGE = 2;

  private Failures() {}

  /** Prints one line, or everything if a stack trace is wanted, and gives the exit code. */
  static int report(Throwable error, boolean stacktrace, PrintWriter err) {
    Throwable cause =
        error instanceof UncheckedIOException && error.getCause() != null
            ? error.getCause()
            : error;
    err.println("bulwark: " + line(cause));
    if (stacktrace) {
      error.printStackTrace(err); // asked for
    }
    err.flush();
    return isInput(cause) ? USAGE : FAILED;
  }

  private static boolean isInput(Throwable e) {
    return e instanceof IllegalArgumentException
        || e instanceof CheckpointException
        || e instanceof NoSuchFileException
        || e instanceof FileAlreadyExistsException
        || e instanceof NotDirectoryException;
  }

  private static String line(Throwable e) {
    String message = e.getMessage() == null ? "" : e.getMessage().replaceAll("\\s*\\R\\s*", " ");
    return switch (e) {
      case NoSuchFileException n -> "no such file or folder: " + n.getFile();
      case FileAlreadyExistsException f -> f.getFile() + " is a file where a folder is to be made";
      case AccessDeniedException a -> "no permission: " + a.getFile();
      case EOFException x -> "a file ends too early: " + message;
      case FileSystemException f -> message;
      case OutOfMemoryError m ->
          "out of memory ("
              + message
              + "); give more with BULWARK_HEAP=8g, or lower --batch-size or --max-length";
      case IOException io -> message.isEmpty() ? io.toString() : message;
      case IllegalArgumentException i -> message;
      case IllegalStateException s -> message;
      default -> e + " (this is a defect; --stacktrace shows where)";
    };
  }
}
