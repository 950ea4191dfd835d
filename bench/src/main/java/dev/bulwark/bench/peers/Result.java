package dev.bulwark.bench.peers;

import dev.bulwark.bench.peers.Row.Goal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a row.
 *
 * @param row its name
 * @param threads how many threads each side had
 * @param unit of ours and theirs: ms or MiB
 * @param ours our median
 * @param peer who was compared, the fastest
 * @param theirs the peer's median
 * @param ratios theirs / ours, round by round; empty if it could not be measured
 * @param work of one repetition, for the rate
 * @param goal what was asked, or null
 * @param problem why it could not be measured, or empty
 */
record Result(
    String row,
    int threads,
    String unit,
    double ours,
    String peer,
    double theirs,
    List<Double> ratios,
    Row.Work work,
    @Nullable Goal goal,
    String problem) {

  /** A row that could not be measured. */
  static Result failed(Row row, int threads, String problem) {
    return new Result(
        row.id(),
        threads,
        row.measure().unit,
        0,
        "",
        0,
        List.of(),
        row.work(),
        row.goal(),
        problem);
  }

  /** Name and threads: one of the lines of a report. */
  String key() {
    return row + "@" + threads;
  }

  boolean measured() {
    return !ratios.isEmpty();
  }

  /** Median of the ratios of the rounds. */
  double ratio() {
    return median(ratios);
  }

  double lowest() {
    return ratios.stream().mapToDouble(r -> r).min().orElse(0);
  }

  double highest() {
    return ratios.stream().mapToDouble(r -> r).max().orElse(0);
  }

  /** Whether the target is met; a row that could not be measured has not. */
  boolean met() {
    return measured() && goal != null && ratio() >= goal.target();
  }

  /** Whether there is a target. */
  boolean counts() {
    return goal != null;
  }

  /** Billions of operations or bytes a second at so many milliseconds; 0 if there is no rate. */
  double rate(double milliseconds) {
    return milliseconds > 0 ? work.amount() / milliseconds * 1000 : 0;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    return sorted.length == 0
        ? 0
        : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** As an object of JSON. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("row", row);
    json.put("threads", threads);
    if (measured()) {
      json.put("unit", unit);
      json.put("ours", rounded(ours));
      json.put("peer", peer);
      json.put("theirs", rounded(theirs));
      if (work.amount() > 0) {
        json.put("rate_unit", work.unit() + "/s");
        json.put("our_rate", rounded(rate(ours)));
        json.put("their_rate", rounded(rate(theirs)));
      }
      json.put("ratio", rounded(ratio()));
      json.put("ratios", ratios.stream().map(Result::rounded).toList());
    }
    if (goal != null) {
      json.put("target", rounded(goal.target()));
      json.put("aim", rounded(goal.aim()));
      json.put("met", met());
    }
    if (!problem.isEmpty()) {
      json.put("problem", problem);
    }
    return json;
  }

  /** What a file says about a row. */
  static Result of(Map<String, @Nullable Object> json) {
    List<Double> ratios = new ArrayList<>();
    if (json.get("ratios") instanceof List<?> list) {
      list.forEach(r -> ratios.add(number("ratios", r)));
    }
    boolean measured = !ratios.isEmpty();
    return new Result(
        text(json, "row"),
        (int) number("threads", json.get("threads")),
        measured ? text(json, "unit") : "",
        measured ? number("ours", json.get("ours")) : 0,
        measured ? text(json, "peer") : "",
        measured ? number("theirs", json.get("theirs")) : 0,
        ratios,
        work(json),
        json.containsKey("target")
            ? new Goal(number("target", json.get("target")), number("aim", json.get("aim")))
            : null,
        json.containsKey("problem") ? text(json, "problem") : "");
  }

  /** Work of a repetition, from its rate. */
  private static Row.Work work(Map<String, @Nullable Object> json) {
    if (!json.containsKey("our_rate")) {
      return Row.Work.NONE;
    }
    String unit = text(json, "rate_unit");
    double rate = number("our_rate", json.get("our_rate"));
    return new Row.Work(rate * number("ours", json.get("ours")) / 1000, unit.replace("/s", ""));
  }

  static double number(String name, @Nullable Object value) {
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    throw new IllegalArgumentException("\"" + name + "\" should be a number, not " + value);
  }

  private static String text(Map<String, @Nullable Object> json, String name) {
    if (json.get(name) instanceof String s) {
      return s;
    }
    throw new IllegalArgumentException(
        "\"" + name + "\" should be a string, not " + json.get(name));
  }

  /** To four digits. */
  static double rounded(double value) {
    if (value == 0) {
      return 0;
    }
    double scale = Math.pow(10, 3 - Math.floor(Math.log10(Math.abs(value))));
    return scale >= 1 ? Math.round(value * scale) / scale : Math.round(value);
  }
}
