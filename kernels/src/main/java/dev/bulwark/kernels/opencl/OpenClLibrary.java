package dev.bulwark.kernels.opencl;

import dev.bulwark.kernels.gpu.PrivateNatives;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Locale;
import org.jocl.CL;

/** Loads JOCL, which binds the system's OpenCL loader. */
final class OpenClLibrary {
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
   * Touches JOCL for the first time.
   *
   * @throws LinkageError if JOCL is not on the class path or does not fit the system
   * @throws java.io.UncheckedIOException if its native part cannot be unpacked
   */
  static void load() {
    PrivateNatives.load(() -> {
      CL.setExceptionsEnabled(true); // off, errors would be codes that nobody looks at
      return true;
    });
  }
}
