package dev.bulwark.kernels.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Loads JCuda's own native libraries from a folder that nobody else can write to.
 *
 * <p>JCuda unpacks them into the folder for temporary files under names that anybody can guess, and
 * loads what already lies there unseen.
 */
final class PrivateNatives {
  private static final String TEMPORARY = "java.io.tmpdir";

  private PrivateNatives() {}

  /**
   * Runs an action that loads libraries.
   *
   * @param firstUse touches the classes of JCuda
   * @return its result
   */
  static synchronized <T> T load(Supplier<T> firstUse) {
    String shared = System.getProperty(TEMPORARY);
    try {
      Path folder = Files.createTempDirectory("bulwark-jcuda-"); // for its owner only
      System.setProperty(TEMPORARY, folder.toString());
      try {
        return firstUse.get();
      } finally {
        System.setProperty(TEMPORARY, shared);
        delete(folder); // what is loaded stays
      }
    } catch (IOException e) {
      throw new UncheckedIOException("JCuda's libraries cannot be unpacked", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
