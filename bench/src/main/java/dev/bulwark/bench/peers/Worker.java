package dev.bulwark.bench.peers;

import dev.bulwark.tensor.io.Json;
import dev.bulwark.tensor.io.JsonException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process that computes rows for one side. It reads one request a line and answers it with one
 * line, both JSON objects; between them it waits.
 */
final class Worker implements AutoCloseable {
  private static final int LONGEST_TURN_MINUTES = 30;

  private final String name;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final Path complaints;

  /**
   * Starts the process.
   *
   * @param name for messages
   * @param command the command line
   * @param environment variables to set
   * @throws WorkerException if it cannot be started
   */
  Worker(String name, List<String> command, Map<String, String> environment)
      throws WorkerException {
    this.name = name;
    try {
      complaints = Files.createTempFile("bulwark-worker", ".err");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectError(complaints.toFile());
      process = builder.start();
    } catch (IOException e) {
      throw new WorkerException(name + " does not start: " + e.getMessage());
    }
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Has something computed, and waits for it.
   *
   * @param request fields of the request
   * @return fields of the answer
   * @throws WorkerException if the process dies, prints something else, or answers with an error
   */
  Map<String, @Nullable Object> ask(Map<String, Object> request) throws WorkerException {
    String line;
    try {
      requests.write(Json.write(request));
      requests.newLine();
      requests.flush();
      line = readLine();
    } catch (IOException e) {
      throw died();
    }
    if (line == null) {
      throw died();
    }
    try {
      Map<String, @Nullable Object> answer = Json.object(Json.parse(line));
      if (answer.get("error") instanceof String error) {
        throw new WorkerException(name + ": " + error.lines().findFirst().orElse("no reason"));
      }
      return answer;
    } catch (JsonException e) {
      close(); // nobody knows what its next line would answer
      throw new WorkerException(name + " answered with what is no JSON: " + excerpt(line));
    }
  }

  /** Whether it can be asked. */
  boolean isAlive() {
    return process.isAlive();
  }

  private @Nullable String readLine() throws IOException, WorkerException {
    CompletableFuture<@Nullable String> line =
        CompletableFuture.supplyAsync(() -> {
          try {
            return answers.readLine();
          } catch (IOException e) {
            return null; // it died
          }
        });
    try {
      return line.get(LONGEST_TURN_MINUTES, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      close();
      throw new WorkerException(
          name + " did not answer within " + LONGEST_TURN_MINUTES + " minutes");
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new WorkerException("interrupted");
    }
  }

  private WorkerException died() {
    String code = "";
    try {
      code = process.waitFor(5, TimeUnit.SECONDS) ? " with exit code " + process.exitValue() : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String last = lastComplaint();
    close();
    return new WorkerException(name + " died" + code + (last.isEmpty() ? "" : ": " + last));
  }

  /** Last line that it printed to standard error. */
  private String lastComplaint() {
    try {
      String all = new String(Files.readAllBytes(complaints), StandardCharsets.UTF_8);
      return excerpt(all.lines().filter(l -> !l.isBlank()).reduce("", (a, b) -> b).strip());
    } catch (IOException e) {
      return "";
    }
  }

  private static String excerpt(String line) {
    return line.length() > 200 ? line.substring(0, 200) + "..." : line;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(complaints);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      complaints.toFile().deleteOnExit();
    }
  }
}
