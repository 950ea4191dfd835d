package dev.bulwark.bench.peers;

import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.io.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our side: answers each line of standard input with a line of JSON, as torch_worker.py does. What
 * a row needs is kept until a request for another row comes.
 */
public final class BulwarkWorker {
  private String row = "";
  private Map<String, @Nullable Object> request = Map.of();
  private Runnable body = () -> {};

  private BulwarkWorker() {}

  /**
   * Serves until standard input ends.
   *
   * @param args none
   */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // what others print is no answer
    BulwarkWorker worker = new BulwarkWorker();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      answers.println(Json.write(worker.answerOrError(line)));
      answers.flush();
    }
  }

  private Map<String, Object> answerOrError(String line) {
    try {
      return answer(Json.object(Json.parse(line)));
    } catch (IOException | RuntimeException | OutOfMemoryError e) { // the next row may still work
      e.printStackTrace(); // the answer has only its message; where it came from is for the user
      return Map.of("error", e.toString());
    }
  }

  private Map<String, Object> answer(Map<String, @Nullable Object> asked) throws IOException {
    String job = String.valueOf(asked.get("row"));
    if (job.equals("versions")) {
      return Map.of("backend", Backends.current().name(), "vector", vector());
    }
    Object sentences = asked.get("sentences");
    if (!job.equals(row)
        || !String.valueOf(sentences).equals(String.valueOf(request.get("sentences")))) {
      body = () -> {}; // let go of the last row first
      body = Cases.of(job, asked);
      row = job;
      request = asked;
    }
    return timed(
        body,
        Result.number("seconds", asked.get("seconds")),
        (int) Result.number("reps", asked.get("reps")));
  }

  private static String vector() {
    return Backends.all().stream()
        .filter(f -> f.availability().usable())
        .map(f -> f.availability().reason())
        .findFirst()
        .orElse("none");
  }

  private static Map<String, Object> timed(Runnable body, double seconds, int reps) {
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    while (times.size() < reps || System.nanoTime() - start < seconds * 1e9) {
      long t = System.nanoTime();
      body.run();
      times.add((System.nanoTime() - t) / 1e6);
    }
    double least = times.stream().mapToDouble(t -> t).min().orElse(0);
    return Map.of(
        "ms", Result.median(times), "min_ms", least, "reps", times.size(), "peak_mib", peakMib());
  }

  /** Peak resident memory of this process as Linux counts it; 0 elsewhere. */
  private static long peakMib() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(l -> l.startsWith("VmHWM:"))
          .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
