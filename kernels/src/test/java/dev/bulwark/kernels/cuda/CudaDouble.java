package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/**
 * The test double of CUDA, and what it is told to do: see settings.h of its sources for the names.
 * Tests that use it carry the tag {@value #TAG}: each class runs in a JVM of its own, which loads
 * the double in CUDA's place.
 */
final class CudaDouble {
  static final String TAG = "cuda-double";

  private static final int MESSAGE = 1024;

  private static @Nullable CudaDouble loaded;

  private final CudaDoubleBuild build;
  private final MethodHandle set;
  private final MethodHandle get;
  private final MethodHandle lose;
  private final MethodHandle message;
  private final MethodHandle reset;

  private CudaDouble(CudaDoubleBuild build, SymbolLookup library) {
    this.build = build;
    var name = ValueLayout.ADDRESS;
    var number = ValueLayout.JAVA_LONG;
    var code = ValueLayout.JAVA_INT;
    set = handle(library, "set", FunctionDescriptor.ofVoid(name, number));
    get = handle(library, "get", FunctionDescriptor.of(number, name));
    lose = handle(library, "lose", FunctionDescriptor.ofVoid(code));
    message = handle(library, "message", FunctionDescriptor.of(code, name, code));
    reset = handle(library, "reset", FunctionDescriptor.ofVoid());
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      SymbolLookup library, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(library.find("bkdouble_" + name).orElseThrow(), descriptor);
  }

  /** The double, built and loaded; skips the test where that cannot be. */
  @SuppressWarnings("restricted") // to load it is what this class is for
  static synchronized CudaDouble require() {
    if (loaded == null) {
      String folder = System.getProperty("bulwark.cuda.path", "");
      assumeTrue(
          folder.endsWith("cuda-double"), "runs only in the test execution of the CUDA double");
      String root = System.getProperty("bulwark.root", "");
      CudaDoubleBuild build;
      try {
        build =
            CudaDoubleBuild.into(
                Path.of(root, "kernels", "src", "test", "native", "cuda-double"), Path.of(folder));
      } catch (UncheckedIOException e) {
        assumeTrue(false, "the CUDA double needs g++: " + e.getMessage());
        throw e;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Path library = Path.of(folder, "libcuda.so.1");
      loaded = new CudaDouble(build, SymbolLookup.libraryLookup(library, Arena.global()));
    }
    return loaded;
  }

  /** Message of the exception of this type that an action has to throw. */
  static String failure(Class<? extends Exception> type, Executable action) {
    return String.valueOf(assertThrows(type, action).getMessage());
  }

  CudaDoubleBuild build() {
    return build;
  }

  /** Sets what the double does, such as ("fail.launch", 1): the next launch fails. */
  void set(String key, long value) {
    try (Arena arena = Arena.ofConfined()) {
      set.invokeExact(arena.allocateFrom(key), value);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A setting, a count, or how many of something live; -1 for an unknown name. */
  long get(String key) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) get.invokeExact(arena.allocateFrom(key));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every call gives this code from now on. */
  void lose(int code) {
    try {
      lose.invokeExact(code);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the last wrong use was. */
  String message() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MESSAGE);
      int length = (int) message.invokeExact(text, MESSAGE);
      return length == 0 ? "" : text.getString(0);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes back all settings, and everything that was made on the device. */
  void reset() {
    try {
      reset.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
