package dev.bulwark.bench.peers;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Results as text. */
final class Table {
  private static final String FORMAT = "%-44s %2s %10s %10s %8s %8s %6s %13s %6s %5s  %s%n";

  private Table() {}

  /** Prints peaks, a line for each result, and how many targets are met as the last line. */
  static void print(PrintWriter out, List<Peak> peaks, List<Result> results) {
    for (Peak p : peaks) {
      out.printf(
          Locale.ROOT,
          "peak, %d thread%s: FMA %.0f GFLOP/s, read %.1f GB/s, copy %.1f GB/s%n",
          p.threads(),
          p.threads() == 1 ? "" : "s",
          p.gflops(),
          p.read(),
          p.copy());
    }
    out.printf(
        FORMAT,
        "row",
        "T",
        "ours",
        "peer",
        "our/s",
        "peer's/s",
        "ratio",
        "spread",
        "target",
        "aim",
        "");
    for (Result r : results) {
      out.print(line(r));
    }
    results.stream()
        .filter(r -> r.counts() && !r.met())
        .forEach(r -> out.printf("not met: %s: %s%n", r.key(), reason(r)));
    out.println(targets(results));
    out.flush();
  }

  /** One result. */
  static String line(Result r) {
    if (!r.measured()) {
      return String.format(
          Locale.ROOT, "%-44s %2d %s%n", r.row(), r.threads(), "not measured: " + r.problem());
    }
    boolean rated = r.work().amount() > 0;
    return String.format(
        Locale.ROOT,
        FORMAT,
        r.row(),
        r.threads(),
        amount(r.ours(), r.unit()),
        amount(r.theirs(), r.unit()),
        rated ? String.format(Locale.ROOT, "%.1f%s", r.rate(r.ours()), letter(r)) : "",
        rated ? String.format(Locale.ROOT, "%.1f%s", r.rate(r.theirs()), letter(r)) : "",
        String.format(Locale.ROOT, "%.2f", r.ratio()),
        String.format(Locale.ROOT, "%.2f to %.2f", r.lowest(), r.highest()),
        r.goal() == null ? "" : String.format(Locale.ROOT, "%.2f", r.goal().target()),
        r.goal() == null ? "" : String.format(Locale.ROOT, "%.2f", r.goal().aim()),
        r.goal() == null
            ? r.peer()
            : (!r.met() ? "missed" : r.ratio() >= r.goal().aim() ? "met, aim too" : "met")
                + ", "
                + r.peer());
  }

  /** How many of the rows that have a target meet it. */
  static String targets(List<Result> results) {
    long met = results.stream().filter(Result::met).count();
    return "targets met " + met + " of " + results.stream().filter(Result::counts).count();
  }

  private static String reason(Result r) {
    return r.measured() && r.goal() != null
        ? String.format(Locale.ROOT, "%.2f of %.2f", r.ratio(), r.goal().target())
        : r.problem();
  }

  private static String amount(double value, String unit) {
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f %s", value, unit);
  }

  /** F for GFLOP, B for GB. */
  private static String letter(Result r) {
    return r.work().unit().equals("GB") ? "B" : "F";
  }
}
