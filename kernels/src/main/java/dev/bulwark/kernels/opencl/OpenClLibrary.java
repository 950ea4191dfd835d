package dev.bulwark.kernels.opencl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jocl.CL;

/** Loads JOCL, which binds the system's OpenCL loader. */
final class OpenClLibrary {
  private static final String TEMPORARY = "java.io.tmpdir";

  private OpenClLibrary() {}

  /** Whether the system has an OpenCL loader; asked without touching JOCL, which is noisy. */
  @SuppressWarnings("restricted") // a library is opened by name, nothing in it is called
  static boolean isPresent() {
    for (String name : names()) {
      try (Arena arena = Arena.ofConfined()) {
        SymbolLookup.libraryLookup(name, arena);
        return true;
      } catch (IllegalArgumentException e) {
        // not under this name
      }
    }
    return false;
  }

  /** The names under which JOCL looks for it. */
  static List<String> names() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (os.startsWith("windows")) {
      return List.of("OpenCL.dll");
    }
    if (os.startsWith("mac")) {
      return List.of("/System/Library/Frameworks/OpenCL.framework/Versions/Current/OpenCL");
    }
    return List.of("libOpenCL.so.1", "libOpenCL.so");
  }

  /**
   * Touches JOCL for the first time. It unpacks its native part into the temporary folder under a
   * fixed name and trusts a file that is already there: so for this moment that folder is a fresh
   * one of our own.
   *
   * @throws LinkageError if JOCL is not on the class path or does not fit the system
   */
  static synchronized void load() {
    String shared = System.getProperty(TEMPORARY, "/tmp");
    Path own;
    try {
      own = Files.createTempDirectory("bulwark-jocl"); // closed to other users
    } catch (IOException e) {
      throw new UnsatisfiedLinkError("no folder for JOCL's native part: " + e);
    }
    try {
      System.setProperty(TEMPORARY, own.toString());
      CL.setExceptionsEnabled(true); // off, errors would be codes that nobody looks at
    } finally {
      System.setProperty(TEMPORARY, shared);
      delete(own);
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
          .log(System.Logger.Level.DEBUG, "JOCL's native part stays in " + folder + ": " + e);
    }
  }
}
