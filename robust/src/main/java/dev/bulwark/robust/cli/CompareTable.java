package dev.bulwark.robust.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Means and ranges over seeds, a line a method. */
final class CompareTable {
  /**
   * Figures of one trained model.
   *
   * @param cleanAccuracy on the test data, in [0, 1]
   * @param tested number of test examples
   * @param underAttack share of attacked examples still classified rightly, in [0, 1]
   * @param attacked number of attacked examples
   * @param successRate broken of those that were right, in [0, 1]
   * @param queries mean queries of an attacked example
   * @param trainSeconds wall time of the training, of its last part if it was interrupted
   * @param attackSeconds wall time of the attack, likewise
   */
  record Cell(
      double cleanAccuracy,
      int tested,
      double underAttack,
      int attacked,
      double successRate,
      double queries,
      double trainSeconds,
      double attackSeconds) {}

  private final Map<String, Map<Long, Cell>> rows = new LinkedHashMap<>();

  void put(String row, long seed, Cell cell) {
    rows.computeIfAbsent(row, k -> new LinkedHashMap<>()).put(seed, cell);
  }

  Map<String, Map<Long, Cell>> rows() {
    return rows;
  }

  /** A Markdown table: means with the range over seeds. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| method | seeds | clean accuracy | under attack | attack success | queries |\n");
    text.append("| --- | --- | --- | --- | --- | --- |\n");
    rows.forEach((name, cells) -> {
      List<Cell> all = new ArrayList<>(cells.values());
      text.append("| ")
          .append(name.replace("|", "\\|"))
          .append(" | ")
          .append(all.size())
          .append(" | ")
          .append(percent(all, Cell::cleanAccuracy))
          .append(" | ")
          .append(percent(all, Cell::underAttack))
          .append(" | ")
          .append(percent(all, Cell::successRate))
          .append(" | ")
          .append(String.format(Locale.ROOT, "%.1f", mean(all, Cell::queries)))
          .append(" |\n");
    });
    return text.toString();
  }

  private static String percent(List<Cell> cells, ToDoubleFunction<Cell> what) {
    double mean = 100 * mean(cells, what);
    OptionalDouble low = cells.stream().mapToDouble(what).min();
    OptionalDouble high = cells.stream().mapToDouble(what).max();
    return cells.size() < 2
        ? String.format(Locale.ROOT, "%.1f %%", mean)
        : String.format(
            Locale.ROOT,
            "%.1f %% (%.1f to %.1f)",
            mean,
            100 * low.orElseThrow(),
            100 * high.orElseThrow());
  }

  private static double mean(List<Cell> cells, ToDoubleFunction<Cell> what) {
    return cells.stream().mapToDouble(what).average().orElseThrow();
  }
}
