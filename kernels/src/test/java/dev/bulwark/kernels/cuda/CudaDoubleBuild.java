package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Builds the test double of CUDA by g++: libcuda.so.1, libcublas.so.12, and each program twice,
 * from the portable and from the CUDA branch of the dialect. What is up to date stays as it is.
 */
final class CudaDoubleBuild {
  private static final List<String> COMPILER =
      List.of("g++", "-std=c++17", "-O2", "-march=native", "-fPIC", "-fvisibility=hidden", "-Wall");
  private static final List<String> BRANCHES = List.of("host", "cuda");

  private final Path sources;
  private final Path folder;
  private final String version;

  private CudaDoubleBuild(Path sources, Path folder, String version) {
    this.sources = sources;
    this.folder = folder;
    this.version = version;
  }

  /**
   * Builds what is not there yet.
   *
   * @param sources the double's C++
   * @param folder where the libraries go
   * @throws UncheckedIOException if there is no compiler
   */
  static CudaDoubleBuild into(Path sources, Path folder) throws IOException {
    Files.createDirectories(folder);
    var build =
        new CudaDoubleBuild(
            sources, folder, run(folder, List.of("g++", "--version")).lines().findFirst().get());
    build.libraries();
    List<Callable<Void>> jobs = new ArrayList<>();
    for (Program p : Program.values()) {
      if (!p.isPortable()) {
        continue; // PTX instructions within, which no host has
      }
      List<String> kernels = p.kernels().stream().map(Kernel::name).sorted().toList();
      jobs.addAll(build.jobs(p.id(), p.source(), kernels));
    }
    together(jobs);
    return build;
  }

  /** Builds one more program. */
  void program(String id, String source, List<String> kernels) throws IOException {
    together(jobs(id, source, kernels));
  }

  private void libraries() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(sources)) {
      files = all.filter(f -> f.toString().matches(".*\\.(cpp|h)")).sorted().toList();
    }
    StringBuilder key = new StringBuilder(version).append(COMPILER);
    for (Path f : files) {
      key.append(f.getFileName()).append(Files.readString(f));
    }
    String hash = sha256(key.toString());
    if (isFresh("libcublas.so.12", hash)) {
      return;
    }
    List<Path> units = files.stream().filter(f -> f.toString().endsWith(".cpp")).toList();
    together(
        units.stream().map(f -> job("-Wextra", "-Werror", "-c", "" + f, "-o", object(f))).toList());
    List<String> driver = new ArrayList<>(List.of("-shared", "-Wl,-soname,libcuda.so.1"));
    units.stream().map(this::object).filter(o -> !o.endsWith("cublas.o")).forEach(driver::add);
    driver.addAll(List.of("-o", "libcuda.so.1", "-ldl"));
    compile(driver);
    Files.writeString( // JCublas2 asks for symbols of this version
        folder.resolve("cublas.map"), "libcublas.so.12 { global: cublas*; local: *; };\n");
    compile(
        List.of(
            "-shared",
            "-Wl,-soname,libcublas.so.12",
            "-Wl,--version-script=cublas.map",
            "cublas.o",
            "-L.",
            "-l:libcuda.so.1",
            "-o",
            "libcublas.so.12"));
    keep("libcublas.so.12", hash);
  }

  private String object(Path unit) {
    return unit.getFileName().toString().replace(".cpp", ".o");
  }

  private List<Callable<Void>> jobs(String id, String source, List<String> kernels)
      throws IOException {
    String rows =
        kernels.stream().map(k -> "BKDOUBLE_ROW(" + k + ")").collect(Collectors.joining(" "));
    String text =
        "#define BK_SOURCE_HASH \"%s\"\n%s\n#include \"kernel_table.h\"\nBKDOUBLE_TABLE(%s)\n"
            .formatted(sha256(source), source, rows);
    StringBuilder key = new StringBuilder(version).append(COMPILER).append(text);
    for (String header : List.of("device_code", "dialect_host", "cuda_host", "kernel_table")) {
      key.append(Files.readString(sources.resolve(header + ".h")));
    }
    String hash = sha256(key.toString());
    List<Callable<Void>> jobs = new ArrayList<>();
    for (String branch : BRANCHES) {
      String name = id + "." + branch + ".so";
      if (isFresh(name, hash)) {
        continue;
      }
      String unit = id + "." + branch + ".cpp";
      Files.writeString(folder.resolve(unit), text);
      List<String> words = new ArrayList<>(List.of("-shared", "-Wno-unused-function"));
      words.addAll(List.of("-Wno-unknown-pragmas", "-I" + sources));
      if (branch.equals("cuda")) {
        words.addAll(List.of("-include", "cuda_host.h"));
      }
      words.addAll(List.of(unit, "-L.", "-l:libcuda.so.1", "-o", name));
      jobs.add(() -> {
        compile(words);
        keep(name, hash);
        return null;
      });
    }
    return jobs;
  }

  private Callable<Void> job(String... words) {
    return () -> {
      compile(List.of(words));
      return null;
    };
  }

  private boolean isFresh(String name, String hash) throws IOException {
    Path mark = folder.resolve(name + ".hash");
    return Files.exists(mark) && Files.readString(mark).equals(hash);
  }

  private void keep(String name, String hash) throws IOException {
    Files.writeString(folder.resolve(name + ".hash"), hash);
  }

  private void compile(List<String> words) {
    run(folder, Stream.concat(COMPILER.stream(), words.stream()).toList());
  }

  private static String run(Path folder, List<String> words) {
    try {
      Process process =
          new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", words) + "\n" + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void together(List<Callable<Void>> jobs) {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (Future<Void> f : threads.invokeAll(jobs)) {
        f.get();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /** Hash of a text, as the first line of our PTX tells it. */
  static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
