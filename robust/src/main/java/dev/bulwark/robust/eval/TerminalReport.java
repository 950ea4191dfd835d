package dev.bulwark.robust.eval;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import java.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A report for the terminal: one table, the differences, a few coloured word diffs. */
public final class TerminalReport {
  private static final String RED = "\u001B[31m";
  private static final String GREEN = "\u001B[32m";
  private static final String BOLD = "\u001B[1m";
  private static final String DIM = "\u001B[2m";
  private static final String PLAIN = "\u001B[0m";

  private final boolean colour;
  private final StringBuilder out = new StringBuilder();

  private TerminalReport(boolean colour) {
    this.colour = colour;
  }

  /**
   * Whether standard output is a terminal whose user wants colours.
   *
   * @return false for files and pipes, when NO_COLOR is set, and for dumb terminals
   */
  public static boolean coloursWanted() {
    Map<String, String> env = System.getenv();
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && env.getOrDefault("NO_COLOR", "").isEmpty()
        && !env.getOrDefault("TERM", "dumb").equals("dumb");
  }

  /**
   * Writes a report for people in front of a screen.
   *
   * @param report the report
   * @param colour whether to use ANSI colours: see {@link #coloursWanted}
   * @param examples how many adversarial examples to show per model and attack
   * @return the text, ending with a line break
   */
  public static String render(Report report, boolean colour, int examples) {
    TerminalReport terminal = new TerminalReport(colour);
    terminal.out.append(terminal.paint(BOLD, clean(report.title()))).append("\n\n");
    terminal.table(report);
    report.comparisons().forEach(c -> terminal.out.append(clean(Say.sentence(c))).append('\n'));
    for (ModelResult model : report.models()) {
      for (AttackResult attack : model.attacks()) {
        terminal.examples(report, model, attack, examples);
      }
    }
    return terminal.out.toString();
  }

  private void table(Report report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", "attack", "clean", "under attack", "95 %", "success", "queries"));
    for (ModelResult model : report.models()) {
      String clean = Say.percent(model.clean().accuracy().value());
      if (model.attacks().isEmpty()) {
        rows.add(List.of(model.name(), Say.NOTHING, clean, "", "", "", ""));
      }
      for (AttackResult attack : model.attacks()) {
        AttackMetrics m = attack.metrics();
        rows.add(
            List.of(
                clean(model.name()),
                clean(attack.attack()),
                clean,
                Say.percent(m.accuracyUnderAttack().value()),
                Say.interval(m.accuracyUnderAttack()),
                Say.percent(m.successRate().value()),
                Say.number(m.meanQueries(), 1)));
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < rows.get(r).size(); c++) {
        int column = c;
        int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        String cell = rows.get(r).get(c);
        String gap = " ".repeat(width - cell.length());
        line.append(c < 2 ? cell + gap : gap + cell).append("  ");
      }
      out.append(r == 0 ? paint(DIM, line.toString().stripTrailing()) : line.toString().strip());
      out.append('\n');
    }
    out.append('\n');
  }

  private void examples(Report report, ModelResult model, AttackResult attack, int count) {
    List<Outcome> fooled =
        attack.outcomes().stream().filter(o -> o.status() == Status.SUCCESS).limit(count).toList();
    if (fooled.isEmpty()) {
      return;
    }
    out.append('\n')
        .append(paint(BOLD, clean(model.name() + " fooled by " + attack.attack())))
        .append('\n');
    for (Outcome o : fooled) {
      out.append("  ")
          .append(prediction(report, o.originalPrediction(), o.originalProbabilities()))
          .append(" → ")
          .append(paint(BOLD, prediction(report, o.finalPrediction(), o.finalProbabilities())))
          .append(paint(DIM, "  " + o.queries() + " queries"))
          .append("\n    ");
      diff(o, 0);
      if (o.perturbed().pair() != null) {
        out.append("\n    ");
        diff(o, 1);
      }
      out.append('\n');
    }
  }

  private static String prediction(Report report, int prediction, float[] probabilities) {
    return clean(report.classes().get(prediction))
        + " "
        + Say.percent((double) probabilities[prediction]);
  }

  private void diff(Outcome outcome, int column) {
    UnaryOperator<String> removed = s -> colour ? paint(RED, s) : "[" + s + " → ";
    for (WordDiff.Piece piece : WordDiff.of(outcome, column)) {
      String from = piece.from();
      if (from == null) {
        out.append(clean(piece.to()));
      } else {
        out.append(removed.apply(clean(from)));
        out.append(colour ? " " + paint(GREEN, clean(piece.to())) : clean(piece.to()) + "]");
      }
    }
  }

  private String paint(String code, String text) {
    return colour ? code + text + PLAIN : text;
  }

  /** Foreign text must not move the cursor or change colours: control characters are replaced. */
  private static String clean(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
