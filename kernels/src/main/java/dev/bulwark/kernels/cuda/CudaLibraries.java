package dev.bulwark.kernels.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds NVIDIA's libraries and loads them before any class of JCuda is touched: a library that is
 * already loaded under its name serves whatever asks for that name later.
 *
 * <p>Looked for in the folder that {@code bulwark.cuda.path} names, then by the system's loader,
 * then in the folders where CUDA is usually installed.
 *
 * @param problem what is missing and how to get it, or null
 * @param cublas the library of matrix products
 * @param cublasVersion its major version, 12 or 13
 */
record CudaLibraries(@Nullable String problem, SymbolLookup cublas, int cublasVersion) {
  private static final String PATH = "bulwark.cuda.path";
  private static final String DRIVER = "libcuda.so.1";

  /** Looks for the libraries; never throws. */
  static CudaLibraries load() {
    if (!"Linux".equals(System.getProperty("os.name"))
        || !"amd64".equals(System.getProperty("os.arch"))) {
      return missing("the CUDA back end needs Linux on x86-64");
    }
    if (find(DRIVER) == null) {
      return missing(
          "there is no NVIDIA driver ("
              + DRIVER
              + " is neither installed nor in the folder that -D"
              + PATH
              + " names)");
    }
    for (int version : new int[] {12, 13}) {
      find("libcublasLt.so." + version); // needed by the next, and perhaps only found by its folder
      SymbolLookup cublas = find("libcublas.so." + version);
      if (cublas != null) {
        return new CudaLibraries(null, cublas, version);
      }
    }
    return missing(
        "the NVIDIA driver is there, but cuBLAS (libcublas.so.12 or libcublas.so.13) is not:"
            + " install CUDA 12 or 13, or name the folder that holds it by -D"
            + PATH
            + "=FOLDER (the Python packages nvidia-cublas-cu12 and nvidia-cublas bring it too)");
  }

  private static CudaLibraries missing(String problem) {
    return new CudaLibraries(problem, name -> java.util.Optional.empty(), 0);
  }

  /** Loads the run-time compiler if it is there. */
  static boolean loadNvrtc() {
    return find("libnvrtc.so.12") != null;
  }

  @SuppressWarnings("restricted") // loading NVIDIA's libraries is what this class is for
  private static @Nullable SymbolLookup find(String library) {
    for (Path folder : folders(System.getProperty(PATH))) {
      SymbolLookup found = open(folder.resolve(library));
      if (found != null) {
        return found;
      }
    }
    try {
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException absent) {
      return usual(library);
    }
  }

  private static @Nullable SymbolLookup usual(String library) {
    List<Path> folders = new ArrayList<>();
    for (String root : new String[] {System.getenv("CUDA_PATH"), System.getenv("CUDA_HOME")}) {
      if (root != null) {
        folders.addAll(folders(root + "/lib64"));
      }
    }
    try (Stream<Path> installed = Files.list(Path.of("/usr/local"))) {
      installed
          .filter(p -> p.getFileName().toString().startsWith("cuda"))
          .sorted()
          .forEach(p -> folders.add(p.resolve("lib64")));
    } catch (IOException | RuntimeException none) {
      // then only the others
    }
    folders.add(Path.of("/usr/lib/wsl/lib"));
    for (Path folder : folders) {
      SymbolLookup found = open(folder.resolve(library));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static List<Path> folders(@Nullable String path) {
    return path == null || path.isBlank() ? List.of() : List.of(Path.of(path).toAbsolutePath());
  }

  @SuppressWarnings("restricted")
  private static @Nullable SymbolLookup open(Path file) {
    try {
      return Files.exists(file) ? SymbolLookup.libraryLookup(file, Arena.global()) : null;
    } catch (IllegalArgumentException broken) {
      return null;
    }
  }
}
