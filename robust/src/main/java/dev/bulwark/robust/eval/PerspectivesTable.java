package dev.bulwark.robust.eval;

import dev.bulwark.robust.eval.Perspectives.Anomalous;
import dev.bulwark.robust.eval.Perspectives.Labelled;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A model's sides as a table for the terminal. */
public final class PerspectivesTable {
  private static final int NAME = 40;

  private PerspectivesTable() {}

  /**
   * Writes the table.
   *
   * @param p what came out
   * @return lines of text
   */
  public static String render(Perspectives p) {
    StringBuilder s = new StringBuilder();
    row(s, "", "examples", "accuracy %", "ECE", "ECE, tempered");
    for (Labelled set : p.sets()) {
      row(
          s,
          shortened(set.name()),
          Integer.toString(set.accuracy().total()),
          percent(set.accuracy().value()),
          Say.number(set.calibrationError(), 4),
          Say.number(set.temperedError(), 4));
    }
    if (!p.anomalies().isEmpty()) {
      s.append('\n');
      row(s, "", "texts", "AUROC", "avg. precision", "FPR95");
      for (Anomalous a : p.anomalies()) {
        row(
            s,
            shortened(a.name()),
            Integer.toString(a.size()),
            Say.number(a.detection().auroc(), 4),
            Say.number(a.detection().averagePrecision(), 4),
            Say.number(a.detection().falsePositiveRate(), 4));
      }
    }
    HeadlineMeans m = p.headline();
    s.append('\n');
    line(s, "in-distribution accuracy", Say.number(m.inDistribution(), 3) + " %");
    line(s, "accuracy under shift", Say.number(m.shifted(), 3) + " %");
    line(s, "adversarial accuracy", Say.number(m.adversarial(), 3) + " %");
    line(
        s,
        "calibration error",
        Say.number(m.calibration(), 4)
            + " (tempered "
            + Say.number(p.tempered().calibration(), 4)
            + ")");
    line(s, "anomaly AUROC", Say.number(m.anomaly(), 4));
    return s.toString();
  }

  private static String percent(@Nullable Double share) {
    return Say.number(share == null ? null : Double.valueOf(100 * share), 2);
  }

  private static void row(StringBuilder s, String name, String... cells) {
    s.append(String.format(Locale.ROOT, "%-" + NAME + "s", name));
    for (String cell : cells) {
      s.append(String.format(Locale.ROOT, " %14s", cell));
    }
    s.append('\n');
  }

  private static void line(StringBuilder s, String name, String value) {
    s.append(String.format(Locale.ROOT, "%-" + NAME + "s %s%n", name, value));
  }

  /** The end of a long path says more than its start. */
  private static String shortened(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= NAME ? line : "…" + line.substring(line.length() - NAME + 1);
  }
}
