package dev.bulwark.nn.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody may have meant by a name that does not exist. */
final class Nearest {
  private static final int LONGEST = 300;

  private Nearest() {}

  /**
   * The names most like one that was asked for.
   *
   * @param wanted what was asked for
   * @param names what exists
   * @param most how many to give
   * @return the nearest names, best first
   */
  static List<String> to(String wanted, Collection<String> names, int most) {
    record Scored(String name, int distance) {}
    return names.stream()
        .map(n -> new Scored(n, distance(wanted, n)))
        .sorted(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
        .limit(most)
        .map(Scored::name)
        .toList();
  }

  /** Insertions, deletions and replacements that turn one string into the other. */
  static int distance(String a, String b) {
    // Names come from files; the table must not grow with the square of what a stranger wrote.
    String s = a.length() > LONGEST ? a.substring(0, LONGEST) : a;
    String t = b.length() > LONGEST ? b.substring(0, LONGEST) : b;
    int[] row = new int[t.length() + 1];
    for (int j = 0; j <= t.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= s.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= t.length(); j++) {
        int replaced = diagonal + (s.charAt(i - 1) == t.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[t.length()];
  }
}
