package dev.bulwark.robust.eval;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** The tables of the page. */
final class HtmlTables {
  /** Beyond this a table of all pairs can no longer be read. */
  private static final int LARGEST_CONFUSION = 60;

  private HtmlTables() {}

  static DomContent models(Report report) {
    List<DomContent> rows = new ArrayList<>();
    for (int m = 0; m < report.models().size(); m++) {
      ModelResult model = report.models().get(m);
      ClassificationMetrics c = model.clean();
      TrainingCurve training = model.training();
      rows.add(
          tr(
              name(model.name(), m),
              rate(c.accuracy()),
              number(Say.percent(c.macroF1())),
              number(Say.number(c.negativeLogLikelihood(), 3)),
              number(Say.number(c.brier(), 3)),
              number(Say.number(c.calibrationError(), 3)),
              number(training == null ? Say.NOTHING : Say.seconds(training.seconds()))));
    }
    return wide(
        "Clean, on " + report.models().getFirst().clean().accuracy().total() + " examples",
        List.of("model", "accuracy", "macro F1", "NLL", "Brier", "ECE", "training time"),
        rows);
  }

  static DomContent attacks(Report report) {
    List<DomContent> rows = new ArrayList<>();
    for (String attack : report.attackNames()) {
      for (int m = 0; m < report.models().size(); m++) {
        ModelResult model = report.models().get(m);
        AttackResult result = model.attack(attack);
        if (result == null) {
          continue;
        }
        AttackMetrics a = result.metrics();
        Double changed = a.perturbedWordPercent();
        rows.add(
            tr(
                td(attack),
                name(model.name(), m),
                number(String.valueOf(a.examples())),
                rate(a.cleanAccuracy()),
                rate(a.accuracyUnderAttack()),
                rate(a.successRate()),
                rate(a.successRateOfAll()),
                number(
                    Say.number(a.meanQueries(), 1), "median " + Say.number(a.medianQueries(), 1)),
                number(changed == null ? Say.NOTHING : Say.percent(changed / 100)),
                number(Say.number(a.meanSimilarity(), 3)),
                number(Say.seconds(result.seconds()))));
      }
    }
    if (rows.isEmpty()) {
      return div();
    }
    return wide(
        "Under attack",
        List.of(
            "attack",
            "model",
            "examples",
            "accuracy before",
            "accuracy under attack",
            "success rate",
            "success rate, of all",
            "queries",
            "words changed",
            "similarity",
            "time"),
        rows);
  }

  static DomContent classes(Report report) {
    List<DomContent> models = new ArrayList<>();
    for (ModelResult model : report.models()) {
      models.add(
          details(
              summary(model.name() + ": scores by class and confusion"),
              wide(
                  "Scores",
                  List.of("class", "examples", "precision", "recall", "F1"),
                  model.clean().classes().stream()
                      .map(c ->
                          (DomContent)
                              tr(
                                  td(c.name()),
                                  number(String.valueOf(c.support())),
                                  number(Say.percent(c.precision())),
                                  number(Say.percent(c.recall())),
                                  number(Say.percent(c.f1()))))
                      .toList()),
              confusion(report.classes(), model.clean().confusion())));
    }
    return div(models.toArray(DomContent[]::new));
  }

  private static DomContent confusion(List<String> classes, List<List<Integer>> confusion) {
    if (classes.size() > LARGEST_CONFUSION) {
      return p("The confusion of %d classes is in report.json.".formatted(classes.size()));
    }
    List<DomContent> rows = new ArrayList<>();
    for (int gold = 0; gold < classes.size(); gold++) {
      List<DomContent> cells = new ArrayList<>();
      cells.add(td(classes.get(gold)));
      int total = confusion.get(gold).stream().mapToInt(Integer::intValue).sum();
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        int count = confusion.get(gold).get(predicted);
        // Five shades of a class, so that no style attribute is needed.
        int shade = total == 0 ? 0 : (int) Math.ceil(4.0 * count / total);
        String kind = gold == predicted ? "hit" : "miss";
        cells.add(td(count == 0 ? "" : String.valueOf(count)).withClass("number " + kind + shade));
      }
      rows.add(tr(cells.toArray(DomContent[]::new)));
    }
    List<String> head = new ArrayList<>(List.of("gold \\ predicted"));
    head.addAll(classes);
    return div(wide("Confusion", head, rows)).withClass("confusion");
  }

  static DomContent provenance(Provenance provenance) {
    return wide(
        "",
        List.of("what", "value"),
        MarkdownReport.facts(provenance).stream()
            .map(f -> (DomContent) tr(td(f.getKey()), td(f.getValue()).withClass("code")))
            .toList());
  }

  private static DomContent wide(String heading, List<String> head, List<DomContent> rows) {
    return div(
            heading.isEmpty() ? span() : h3(heading),
            div(table(
                    thead(tr(each(head, cell -> th(cell)))),
                    tbody(rows.toArray(DomContent[]::new))))
                .withClass("scroll"))
        .withClass("block");
  }

  private static DomContent name(String name, int model) {
    return td(span().withClass("swatch s" + Charts.colour(model)), span(name)).withClass("name");
  }

  private static DomContent rate(Rate rate) {
    return number(Say.percent(rate.value()), Say.interval(rate));
  }

  private static DomContent number(String value) {
    return td(value).withClass("number");
  }

  private static DomContent number(String value, String below) {
    return td(div(value), div(below).withClass("muted")).withClass("number");
  }
}
