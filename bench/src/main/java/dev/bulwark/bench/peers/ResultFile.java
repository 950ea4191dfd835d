package dev.bulwark.bench.peers;

import dev.bulwark.tensor.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run as a JSON file, a line for each row, so that a change of one row is a change of one line.
 *
 * @param machine facts of machine and software
 * @param rounds counted rounds of each row
 * @param peaks what the machine can do at most
 * @param results all rows
 */
record ResultFile(Map<String, Object> machine, int rounds, List<Peak> peaks, List<Result> results) {
  private static final int MOST_BYTES = 10_000_000;

  /**
   * This run with what a later one measured: its rows and peaks take the place of the same here.
   */
  ResultFile updatedBy(ResultFile later) {
    Map<String, Object> facts = new LinkedHashMap<>(machine);
    facts.putAll(later.machine);
    Map<Integer, Peak> byThreads = new TreeMap<>();
    Map<String, Result> byKey = new LinkedHashMap<>();
    for (ResultFile run : List.of(this, later)) {
      run.peaks.forEach(p -> byThreads.put(p.threads(), p));
      run.results.forEach(r -> byKey.put(r.key(), r));
    }
    List<Result> all = new ArrayList<>(byKey.values());
    all.sort(Comparator.comparingInt(Result::threads));
    return new ResultFile(facts, later.rounds, List.copyOf(byThreads.values()), all);
  }

  /** Writes the file, over one that is there. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder("{\n");
    text.append("\"machine\": ").append(Json.write(machine)).append(",\n");
    text.append("\"rounds\": ").append(rounds).append(",\n");
    lines(text, "peaks", peaks.stream().map(Peak::json).toList());
    text.append(",\n");
    lines(text, "rows", results.stream().map(Result::json).toList());
    text.append(",\n");
    text.append("\"targets\": ").append(Json.write(Table.targets(results))).append("\n}\n");
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, text);
  }

  private static void lines(StringBuilder text, String name, List<Map<String, Object>> objects) {
    text.append('"').append(name).append("\": [\n");
    for (int i = 0; i < objects.size(); i++) {
      text.append("  ").append(Json.write(objects.get(i)));
      text.append(i + 1 < objects.size() ? ",\n" : "\n");
    }
    text.append("]");
  }

  /**
   * Reads a file.
   *
   * @param file what {@link #write} wrote
   * @return the run
   * @throws IllegalArgumentException if it is something else
   */
  static ResultFile read(Path file) throws IOException {
    Map<String, @Nullable Object> json = Json.read(file, MOST_BYTES);
    if (!(json.get("rows") instanceof List<?> rows)) {
      throw new IllegalArgumentException(file + " has no \"rows\"; was it written by --out?");
    }
    List<Result> results = new ArrayList<>();
    rows.forEach(row -> results.add(Result.of(Json.object(row))));
    Map<String, Object> machine = new LinkedHashMap<>();
    if (json.get("machine") instanceof Map<?, ?> facts) {
      facts.forEach((k, v) -> machine.put(String.valueOf(k), String.valueOf(v)));
    }
    int rounds = json.get("rounds") instanceof Number n ? n.intValue() : 0;
    List<Peak> peaks = new ArrayList<>();
    if (json.get("peaks") instanceof List<?> list) {
      list.forEach(peak -> peaks.add(Peak.of(Json.object(peak))));
    }
    return new ResultFile(machine, rounds, peaks, results);
  }
}
