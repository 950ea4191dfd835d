package peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java library as the peer of {@code bulwark bench peers --java-peers}: answers each line of
 * standard input with a line of JSON, as torch_worker.py does. Only products are known.
 */
public final class PeerWorker {
  private String row = "";
  private Runnable body = () -> {};
  private final Products products;

  private PeerWorker(Products products) {
    this.products = products;
  }

  /**
   * Serves until standard input ends.
   *
   * @param args library and number of threads
   */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // what libraries print is no answer
    PeerWorker worker = new PeerWorker(library(args[0], Integer.parseInt(args[1])));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String answer;
      try {
        answer = worker.answer(line);
      } catch (RuntimeException | LinkageError e) { // the next row may still work
        answer = "{\"error\": \"" + e.toString().replaceAll("[\\\\\"\\p{Cntrl}]", " ") + "\"}";
      }
      answers.println(answer);
      answers.flush();
    }
  }

  private static Products library(String name, int threads) {
    return switch (name) {
      case "mkl" -> new Mkl(threads);
      case "openblas" -> new OpenBlas(threads);
      case "nd4j" -> new Nd4jProducts();
      case "djl" -> new Djl(threads);
      default -> throw new IllegalArgumentException("no library called " + name);
    };
  }

  private String answer(String line) {
    String job = field(line, "row", "\"([^\"]*)\"");
    if (job.equals("versions")) {
      return "{}";
    }
    if (!job.equals(row)) {
      body = product(job);
      row = job;
    }
    double seconds = Double.parseDouble(field(line, "seconds", "([0-9.eE+-]+)"));
    int reps = Integer.parseInt(field(line, "reps", "([0-9]+)"));
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    while (times.size() < reps || System.nanoTime() - start < seconds * 1e9) {
      long t = System.nanoTime();
      body.run();
      times.add((System.nanoTime() - t) / 1e6);
    }
    double[] sorted = times.stream().mapToDouble(t -> t).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "{\"ms\": %.5f, \"min_ms\": %.5f, \"reps\": %d}",
        (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2,
        sorted[0],
        sorted.length);
  }

  /** gemm/KIND/TOKENSxOUTPUTSxINPUTS. */
  private Runnable product(String job) {
    String[] parts = job.split("/");
    int[] s = Arrays.stream(parts[2].split("x")).mapToInt(Integer::parseInt).toArray();
    return switch (parts[1]) {
      case "forward" -> products.of(s[0], s[1], s[2], false, true);
      case "input-gradient" -> products.of(s[0], s[2], s[1], false, false);
      case "weight-gradient" -> products.of(s[1], s[2], s[0], true, false);
      default -> throw new IllegalArgumentException("no product called " + parts[1]);
    };
  }

  private static String field(String json, String name, String value) {
    Matcher m = Pattern.compile("\"" + name + "\"\\s*:\\s*" + value).matcher(json);
    if (!m.find()) {
      throw new IllegalArgumentException("no \"" + name + "\" in " + json);
    }
    return m.group(1);
  }
}
