package dev.bulwark.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Finds rows that became slower against the peer than they were. Ratios are compared, not times: a
 * slower machine slows both sides.
 *
 * @param tolerance by what share a ratio may fall, in [0, 1)
 */
record Guard(double tolerance) {
  /**
   * What a comparison found.
   *
   * @param compared how many rows are in both
   * @param fallen a line for each row whose ratio fell too far or that can no longer be measured
   * @param notes lines about what could not be compared
   */
  record Verdict(int compared, List<String> fallen, List<String> notes) {}

  /** Compares a run with an earlier one. Rows that only one of them has are not compared. */
  Verdict compare(ResultFile before, ResultFile now) {
    Map<String, Result> old =
        before.results().stream()
            .filter(Result::measured)
            .collect(Collectors.toMap(Result::key, r -> r, (a, b) -> b));
    List<String> fallen = new ArrayList<>();
    List<String> notes = new ArrayList<>(differences(before.machine(), now.machine()));
    int compared = 0;
    for (Result r : now.results()) {
      Result was = old.get(r.key());
      if (was == null) {
        notes.add(r.key() + " has no ratio in the baseline");
        continue;
      }
      compared++;
      if (!r.measured()) {
        fallen.add(r.key() + " was " + number(was.ratio()) + ", now not measured: " + r.problem());
      } else if (r.ratio() < was.ratio() * (1 - tolerance)) {
        fallen.add(
            String.format(
                Locale.ROOT,
                "%s fell from %s to %s (%.0f %%; %.0f %% are allowed)",
                r.key(),
                number(was.ratio()),
                number(r.ratio()),
                100 * (1 - r.ratio() / was.ratio()),
                100 * tolerance));
      }
    }
    return new Verdict(compared, fallen, notes);
  }

  private static List<String> differences(Map<String, Object> before, Map<String, Object> now) {
    List<String> notes = new ArrayList<>();
    before.forEach((name, value) -> {
      String here = String.valueOf(Objects.requireNonNullElse(now.get(name), "unknown"));
      if (!here.equals(String.valueOf(value))) {
        notes.add("the baseline was made with " + name + " " + value + ", here it is " + here);
      }
    });
    return notes;
  }

  private static String number(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }
}
