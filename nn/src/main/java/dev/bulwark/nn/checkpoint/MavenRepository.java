package dev.bulwark.nn.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user's local Maven repository, and Maven itself to fetch what it lacks.
 *
 * <p>The folder is the property {@code maven.repo.local}, as for Maven, else {@code
 * ~/.m2/repository}. What is fetched comes from wherever the user's Maven gets things.
 */
final class MavenRepository {
  private static final long MOST_MINUTES = 30;
  private static final int MOST_OUTPUT = 1 << 20;

  private final Path folder;
  private final List<String> maven;

  /**
   * A repository.
   *
   * @param folder its folder
   * @param maven how Maven is started
   */
  MavenRepository(Path folder, List<String> maven) {
    this.folder = folder;
    this.maven = maven;
  }

  static MavenRepository ofUser() {
    String property = System.getProperty("maven.repo.local");
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    Path folder =
        property == null || property.isBlank()
            ? Path.of(System.getProperty("user.home"), ".m2", "repository")
            : Path.of(property).toAbsolutePath();
    // Said to Maven too, so that what it fetches is where we look whatever its settings are.
    return new MavenRepository(
        folder, List.of(windows ? "mvn.cmd" : "mvn", "-Dmaven.repo.local=" + folder));
  }

  /**
   * The name of an artifact.
   *
   * @param group group id
   * @param artifact artifact id
   * @param version version
   */
  record Coordinates(String group, String artifact, String version) {
    // No part can start with a dot, so that none can be "..".
    private static final String WORD = "([A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*+)";
    private static final Pattern FORM = Pattern.compile(WORD + ":" + WORD + ":" + WORD);

    static Optional<Coordinates> parse(String text) {
      Matcher m = FORM.matcher(text);
      return text.length() <= 1_000 && m.matches()
          ? Optional.of(new Coordinates(m.group(1), m.group(2), m.group(3)))
          : Optional.empty();
    }

    @Override
    public String toString() {
      return group + ":" + artifact + ":" + version;
    }
  }

  /** Where the jar of an artifact is or will be. */
  Path jar(Coordinates c) {
    return folder
        .resolve(c.group.replace('.', '/'))
        .resolve(c.artifact)
        .resolve(c.version)
        .resolve(c.artifact + "-" + c.version + ".jar");
  }

  /**
   * The jar of an artifact, fetched by Maven if it is not here.
   *
   * @param c its name
   * @param size what to say about its length; may be empty
   * @param progress gets a line if it is fetched
   * @return an existing file
   * @throws IOException if there is no Maven, or it fails
   */
  Path fetch(Coordinates c, String size, Consumer<String> progress) throws IOException {
    Path jar = jar(c);
    if (Files.isRegularFile(jar)) {
      return jar;
    }
    progress.accept("fetching %s once%s".formatted(c, size.isEmpty() ? "" : ", " + size));
    List<String> command = new ArrayList<>(maven);
    command.addAll(List.of("-B", "-q", "dependency:get", "-Dartifact=" + c, "-Dtransitive=false"));
    String problem = run(command);
    if (problem.isEmpty() && !Files.isRegularFile(jar)) {
      problem = "Maven ended well but left no " + jar;
    }
    if (!problem.isEmpty()) {
      throw new IOException(
          "cannot fetch %s: %s; to fetch it by hand run: %s"
              .formatted(c, problem, String.join(" ", command)));
    }
    return jar;
  }

  /** Runs Maven and says what went wrong, or nothing. */
  private static String run(List<String> command) throws IOException {
    // In a folder of its own: with a project around it Maven would work on that project.
    Path empty = Files.createTempDirectory("bulwark-maven");
    Path output = empty.resolve("output.txt");
    try {
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .directory(empty.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
      } catch (IOException e) {
        return "Maven could not be started (is mvn on the PATH?)";
      }
      try {
        process.getOutputStream().close();
        if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
          return "Maven did not end within " + MOST_MINUTES + " minutes";
        }
        return process.exitValue() == 0 ? "" : firstError(output);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "the fetch was interrupted";
      } finally {
        process.destroy();
      }
    } finally {
      Files.deleteIfExists(output);
      Files.deleteIfExists(empty);
    }
  }

  private static String firstError(Path output) throws IOException {
    String text;
    try (var in = Files.newInputStream(output)) {
      text = new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
    }
    return text.lines()
        .map(l -> l.replaceAll("\u001B\\[[;\\d]*m", "").strip())
        .filter(l -> l.startsWith("[ERROR]") || l.startsWith("[FATAL]"))
        .findFirst()
        .map(l -> "Maven says: " + l.substring(7).strip())
        .orElse("Maven failed without a word");
  }
}
