package dev.bulwark.kernels.cuda;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
    List<String> broken = new ArrayList<>();
    if (find(DRIVER, broken) == null) {
      return missing(
          "there is no NVIDIA driver ("
              + DRIVER
              + " is neither installed nor in the folder that -D"
              + PATH
              + " names)"
              + notes(broken));
    }
    for (int version : new int[] {12, 13}) {
      find("libcublasLt.so." + version, broken); // the next needs it, maybe from another folder
      SymbolLookup cublas = find("libcublas.so." + version, broken);
      if (cublas != null) {
        return new CudaLibraries(null, cublas, version);
      }
    }
    return missing(
        "the NVIDIA driver is there, but cuBLAS (libcublas.so.12 or libcublas.so.13) is not:"
            + " install CUDA 12 or 13, or name the folder that holds it by -D"
            + PATH
            + "=FOLDER (the Python packages nvidia-cublas-cu12 and nvidia-cublas bring it too)"
            + notes(broken));
  }

  private static String notes(List<String> broken) {
    return broken.isEmpty() ? "" : "; there, but not to be loaded: " + String.join(", ", broken);
  }

  private static CudaLibraries missing(String problem) {
    return new CudaLibraries(problem, name -> Optional.empty(), 0);
  }

  /** Loads the run-time compiler if it is there. */
  static boolean loadNvrtc() {
    return find("libnvrtc.so.12", new ArrayList<>()) != null;
  }

  @SuppressWarnings("restricted") // loading NVIDIA's libraries is what this class is for
  private static @Nullable SymbolLookup find(String library, List<String> broken) {
    SymbolLookup named = open(named(), library, broken);
    if (named != null) {
      return named;
    }
    try {
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException absent) {
      return open(usual(), library, broken);
    }
  }

  @SuppressWarnings("restricted")
  private static @Nullable SymbolLookup open(
      List<Path> folders, String library, List<String> broken) {
    for (Path folder : folders) {
      Path file = folder.resolve(library);
      if (Files.exists(file)) {
        try {
          return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
          broken.add(file.toString());
        }
      }
    }
    return null;
  }

  /** The folder that the user names. */
  private static List<Path> named() {
    String path = System.getProperty(PATH, "");
    return path.isBlank() ? List.of() : List.of(Path.of(path).toAbsolutePath());
  }

  /** Folders where CUDA is usually installed. */
  private static List<Path> usual() {
    List<Path> folders = new ArrayList<>();
    for (String root : new String[] {System.getenv("CUDA_PATH"), System.getenv("CUDA_HOME")}) {
      if (root != null) {
        folders.add(Path.of(root).resolve("lib64"));
      }
    }
    File[] installed = new File("/usr/local").listFiles((d, name) -> name.startsWith("cuda"));
    if (installed != null) {
      Arrays.sort(installed);
      for (File root : installed) {
        folders.add(root.toPath().resolve("lib64"));
        folders.add(root.toPath().resolve("lib"));
      }
    }
    folders.add(Path.of("/usr/local/nvidia/lib64")); // where containers have the driver
    folders.add(Path.of("/usr/lib/wsl/lib"));
    return folders;
  }
}
