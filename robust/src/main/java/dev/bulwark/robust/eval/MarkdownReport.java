package dev.bulwark.robust.eval;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as Markdown: the tables, a few examples, the provenance. */
final class MarkdownReport {
  private static final int EXAMPLES = 10;
  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_{}\\[\\]<>#|~&!$]");
  private static final Pattern BREAKS = Pattern.compile("[\\s\\p{Cntrl}]+");

  private final StringBuilder out = new StringBuilder();

  private MarkdownReport() {}

  static String render(Report report) {
    MarkdownReport markdown = new MarkdownReport();
    markdown.line("# " + text(report.title())).line("").line(text(report.summary())).line("");
    markdown.models(report);
    markdown.attacks(report);
    markdown.comparisons(report);
    markdown.examples(report);
    if (!report.notes().isEmpty()) {
      markdown.line("## Notes").line("");
      report.notes().forEach(note -> markdown.line("- " + text(note)));
      markdown.line("");
    }
    markdown.provenance(report.provenance());
    return markdown.out.toString();
  }

  private void models(Report report) {
    line("## Clean").line("");
    row("model", "trained", "examples", "accuracy", "macro F1", "ECE", "Brier", "NLL");
    row("---", "---", "---:", "---:", "---:", "---:", "---:", "---:");
    for (ModelResult model : report.models()) {
      ClassificationMetrics m = model.clean();
      row(
          text(model.name()),
          text(model.description()),
          String.valueOf(m.accuracy().total()),
          rate(m.accuracy()),
          Say.percent(m.macroF1()),
          Say.number(m.calibrationError(), 3),
          Say.number(m.brier(), 3),
          Say.number(m.negativeLogLikelihood(), 3));
    }
    line("");
  }

  private void attacks(Report report) {
    line("## Under attack").line("");
    row(
        "model",
        "attack",
        "examples",
        "accuracy before",
        "accuracy under attack",
        "success rate",
        "success rate (of all)",
        "mean queries",
        "median queries",
        "words changed",
        "similarity",
        "time");
    row(
        "---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:",
        "---:");
    for (ModelResult model : report.models()) {
      for (AttackResult attack : model.attacks()) {
        AttackMetrics m = attack.metrics();
        row(
            text(model.name()),
            text(attack.attack()),
            String.valueOf(m.examples()),
            rate(m.cleanAccuracy()),
            rate(m.accuracyUnderAttack()),
            rate(m.successRate()),
            Say.percent(m.successRateOfAll().value()),
            Say.number(m.meanQueries(), 1),
            Say.number(m.medianQueries(), 1),
            m.perturbedWordPercent() == null
                ? Say.NOTHING
                : Say.number(m.perturbedWordPercent(), 1) + " %",
            Say.number(m.meanSimilarity(), 3),
            Say.seconds(attack.seconds()));
      }
    }
    line("").line("In brackets: 95 % Wilson intervals, in percent.").line("");
  }

  private void comparisons(Report report) {
    if (report.comparisons().isEmpty()) {
      return;
    }
    line("## Differences").line("");
    report.comparisons().forEach(c -> line("- " + text(Say.sentence(c))));
    line("").line("Paired on the same examples: bootstrap interval, exact McNemar test.").line("");
  }

  private void examples(Report report) {
    for (ModelResult model : report.models()) {
      for (AttackResult attack : model.attacks()) {
        List<Outcome> fooled =
            attack.outcomes().stream()
                .filter(o -> o.status() == Status.SUCCESS)
                .limit(EXAMPLES)
                .toList();
        if (!fooled.isEmpty()) {
          line("## " + text(model.name()) + " fooled by " + text(attack.attack())).line("");
          fooled.forEach(o -> line("- " + example(report.classes(), o)));
          line("");
        }
      }
    }
  }

  private static String example(List<String> classes, Outcome o) {
    String pair = o.perturbed().pair() == null ? "" : " / " + diff(o, 1);
    return "%s → %s: %s%s"
        .formatted(
            text(classes.get(o.originalPrediction())),
            text(classes.get(o.finalPrediction())),
            diff(o, 0),
            pair);
  }

  private static String diff(Outcome outcome, int column) {
    return WordDiff.of(outcome, column).stream()
        .map(piece -> {
          String from = piece.from();
          if (from == null) {
            return text(piece.to());
          }
          return "~~" + text(from) + "~~" + (piece.to().isEmpty() ? "" : bold(piece.to()));
        })
        .collect(Collectors.joining());
  }

  private static String bold(String word) {
    return " **" + text(word) + "**";
  }

  private void provenance(Provenance p) {
    line("## Provenance").line("");
    row("what", "value");
    row("---", "---");
    facts(p).forEach(fact -> row(text(fact.getKey()), text(fact.getValue())));
    line("");
  }

  /** What every form of report says about where its numbers come from. */
  static List<Map.Entry<String, String>> facts(Provenance p) {
    String commit = p.commit() == null ? "" : ", commit " + p.commit();
    Stream<Map.Entry<String, String>> run =
        Stream.of(
            Map.entry("Bulwark", p.version() + commit),
            Map.entry("started", p.startedAt() + ", took " + Say.seconds(p.seconds())),
            Map.entry("seed", String.valueOf(p.seed())),
            Map.entry("back ends", String.join(", ", p.backends())),
            Map.entry("Java", p.java()),
            Map.entry("system", p.os()),
            Map.entry("cores, heap", p.cores() + ", at most " + Say.bytes(p.maxHeapBytes())));
    Stream<Map.Entry<String, String>> files =
        p.files().stream()
            .map(f ->
                Map.entry(
                    f.role(), f.name() + ", " + Say.bytes(f.bytes()) + ", SHA-256 " + f.sha256()));
    return Stream.of(run, files, Say.flat(p.config()).stream()).flatMap(s -> s).toList();
  }

  private static String rate(Rate rate) {
    return Say.percent(rate.value()) + " " + Say.interval(rate).replace("[", "\\[");
  }

  /** Foreign text: on one line, and nothing in it is Markdown or HTML. */
  private static String text(String s) {
    return SPECIAL.matcher(BREAKS.matcher(s).replaceAll(" ")).replaceAll("\\\\$0");
  }

  private MarkdownReport line(String line) {
    out.append(line).append('\n');
    return this;
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }
}
