package dev.bulwark.robust.data;

import java.util.Collection;
import java.util.Locale;

/** Wording of error messages: the name that was probably meant, and foreign text cut to size. */
final class Names {
  private static final int EXCERPT = 40;

  private Names() {}

  /** {@code "; did you mean "x"?"}, or nothing when no known name is near. */
  static String suggestion(String wanted, Collection<String> known) {
    if (wanted.length() > EXCERPT) {
      return "";
    }
    String best = "";
    int least = Math.max(1, wanted.length() / 3) + 1;
    for (String name : known) {
      if (name.length() > EXCERPT) {
        continue;
      }
      int distance = distance(wanted.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best.isEmpty() ? "" : "; did you mean \"" + best + "\"?";
  }

  /** The text on one line, at most 40 characters of it, control characters made visible. */
  static String excerpt(String text) {
    int end = Math.min(text.length(), EXCERPT);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    StringBuilder out = new StringBuilder();
    for (char c : text.substring(0, end).toCharArray()) {
      out.append(Character.isISOControl(c) ? '\uFFFD' : c);
    }
    return end < text.length() ? out + "…" : out.toString();
  }

  /** The first line of an exception's message. */
  static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
