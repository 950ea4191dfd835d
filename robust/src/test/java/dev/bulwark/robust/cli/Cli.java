package dev.bulwark.robust.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs commands as a user would and keeps what they print: here, or in a JVM of their own.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
record Cli(int code, String out, String err) {
  static Cli run(String... args) {
    return runWithInput(new byte[0], args);
  }

  static Cli runWithInput(byte[] input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    InputStream oldIn = System.in;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    System.setIn(new ByteArrayInputStream(input));
    try {
      int code = Main.execute(args);
      return new Cli(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
      System.setIn(oldIn);
    }
  }

  /** The command line of a JVM that runs a command with the class path of the tests. */
  static List<String> command(List<String> flags, String... args) {
    List<String> all =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED"));
    all.addAll(flags);
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    all.addAll(List.of("-cp", path, Main.class.getName()));
    all.addAll(List.of(args));
    return all;
  }

  static final List<String> VECTORS = List.of("--add-modules=jdk.incubator.vector");

  /** Runs a process to its end. */
  static Cli process(List<String> command) throws IOException, InterruptedException {
    Process p = new ProcessBuilder(command).redirectErrorStream(false).start();
    p.getOutputStream().close();
    String[] err = new String[1];
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                err[0] = new String(p.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
              } catch (IOException e) {
                err[0] = e.toString();
              }
            });
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    reader.join();
    String ours = err[0].replaceFirst("WARNING: Using incubator modules:.*\\R", ""); // the JVM's
    return new Cli(p.waitFor(), out, ours);
  }
}
