package dev.bulwark.kernels.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Loads native libraries of a binding from a folder that nobody else can write to.
 *
 * <p>JCuda and JOCL unpack them into the folder for temporary files under names that anybody can
 * guess, and load what already lies there unseen: so for that moment this folder is a fresh one.
 */
public final class PrivateNatives {
  private static final String TEMPORARY = "java.io.tmpdir";

  private PrivateNatives() {}

  /**
   * Runs an action that loads libraries.
   *
   * @param firstUse touches the classes of the binding
   * @param <T> type of the result
   * @return its result
   * @throws UncheckedIOException if there is no room for a folder
   */
  public static synchronized <T> T load(Supplier<T> firstUse) {
    String shared = System.getProperty(TEMPORARY);
    Path folder;
    try {
      folder = Files.createTempDirectory("bulwark-natives-"); // for its owner only
    } catch (IOException e) {
      throw new UncheckedIOException("native libraries cannot be unpacked", e);
    }
    try {
      System.setProperty(TEMPORARY, folder.toString());
      return firstUse.get();
    } finally {
      System.setProperty(TEMPORARY, shared);
      delete(folder);
    }
  }

  /** A library that is loaded can lose its file; where it cannot (Windows), the file stays. */
  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      System.getLogger("dev.bulwark")
          .log(System.Logger.Level.DEBUG, "native libraries stay in " + folder + ": " + e);
    }
  }
}
