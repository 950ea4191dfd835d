package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles every kernel program to PTX by nvcc and writes the table of what the kernels need:
 * {@code mvn -Pptx}. Run it after each change of a kernel and commit what it writes.
 */
final class PtxBuild {
  private PtxBuild() {}

  /**
   * Compiles.
   *
   * @param arguments the module's folder
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path module = Path.of(arguments[0]);
    String folder = "dev/bulwark/kernels/cuda";
    Path sources = module.resolve("src/main/resources").resolve(folder);
    Path built = module.resolve("target/classes").resolve(folder);
    Files.createDirectories(sources);
    Files.createDirectories(built);
    String compiler = compiler();
    for (Program program : Program.values()) {
      String current = current(sources.resolve(Ptx.resource(program)), program);
      String text = current == null ? compile(program, compiler) : current;
      Files.writeString(sources.resolve(Ptx.resource(program)), text, StandardCharsets.US_ASCII);
      Files.writeString(built.resolve(Ptx.resource(program)), text, StandardCharsets.US_ASCII);
      System.out.println(program.id() + (current == null ? ": compiled" : ": up to date"));
    }
    deleteOthers(sources);
    Path table = Path.of("src/test/resources").resolve(folder).resolve(PtxTable.NAME);
    Files.createDirectories(module.resolve(table).getParent());
    Files.writeString(module.resolve(table), PtxTable.measured());
    System.out.println(table + ": written");
  }

  /** Deletes PTX of programs that are no more. */
  private static void deleteOthers(Path folder) throws IOException {
    Set<String> known =
        Arrays.stream(Program.values()).map(Ptx::resource).collect(Collectors.toSet());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.ptx")) {
      for (Path file : files) {
        if (!known.contains(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }

  /** The PTX that is there, if it was compiled from the source of now; else null. */
  private static @Nullable String current(Path file, Program program) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    String target = "\n.target sm_" + Ptx.lowestCapability(program) + "\n";
    return text.startsWith(Ptx.header(program) + "\n") && text.contains(target) ? text : null;
  }

  private static String compile(Program program, String compiler)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("bulwark-ptx-");
    Path source = folder.resolve(program.id() + ".cu");
    Path ptx = folder.resolve(program.id() + ".ptx");
    try {
      Files.writeString(source, program.source());
      List<String> options = List.of("-ptx", "-arch=compute_" + Ptx.lowestCapability(program));
      run(List.of("nvcc", options.get(0), options.get(1), source.toString(), "-o", ptx.toString()));
      return Ptx.header(program)
          + "\n// compiler: "
          + compiler
          + " "
          + String.join(" ", options)
          + "\n"
          + Ptx.lowered(Files.readString(ptx, StandardCharsets.US_ASCII));
    } finally {
      Files.deleteIfExists(source);
      Files.deleteIfExists(ptx);
      Files.delete(folder);
    }
  }

  /** The line of {@code nvcc --version} that names the version. */
  private static String compiler() throws IOException, InterruptedException {
    return run(List.of("nvcc", "--version"))
        .lines()
        .filter(line -> line.contains("release"))
        .findFirst()
        .map(line -> "nvcc" + line.substring(line.lastIndexOf(',') + 1))
        .orElse("nvcc");
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output;
    try (var reader = process.inputReader()) {
      output = reader.readAllAsString();
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + "\n" + output);
    }
    return output;
  }
}
