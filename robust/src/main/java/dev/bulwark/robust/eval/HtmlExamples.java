package dev.bulwark.robust.eval;

import static j2html.TagCreator.article;
import static j2html.TagCreator.bdi;
import static j2html.TagCreator.del;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.ins;
import static j2html.TagCreator.label;
import static j2html.TagCreator.option;
import static j2html.TagCreator.p;
import static j2html.TagCreator.select;
import static j2html.TagCreator.span;
import static j2html.TagCreator.text;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The attacked examples: each text once, and below it what became of it for every model. */
final class HtmlExamples {
  /** More would make the page slow; all of them are in report.json. */
  private static final int SHOWN = 250;

  /** One attack's outcome for one model. */
  private record Try(int model, String name, String attack, Outcome outcome) {}

  private HtmlExamples() {}

  static DomContent section(Report report) {
    Map<Integer, List<Try>> examples = new TreeMap<>();
    for (int m = 0; m < report.models().size(); m++) {
      ModelResult model = report.models().get(m);
      for (AttackResult attack : model.attacks()) {
        for (Outcome o : attack.outcomes()) {
          examples
              .computeIfAbsent(o.index(), index -> new ArrayList<>())
              .add(new Try(m, model.name(), attack.attack(), o));
        }
      }
    }
    if (examples.isEmpty()) {
      return div();
    }
    List<DomContent> cards =
        examples.entrySet().stream()
            .limit(SHOWN)
            .map(e -> card(report, e.getKey(), e.getValue()))
            .toList();
    String rest =
        examples.size() > SHOWN
            ? " The first %d of %d are shown; report.json has all."
                .formatted(SHOWN, examples.size())
            : "";
    return HtmlReport.section(
        "Examples",
        p(text("Struck words were replaced by the highlighted ones."), text(rest))
            .withClass("muted"),
        controls(report),
        div(each(cards, card -> card)).withId("examples"),
        p("No example fits.").withId("none").withClass("muted hidden"));
  }

  private static DomContent controls(Report report) {
    List<DomContent> models = new ArrayList<>();
    models.add(option("any model").withValue(""));
    for (int m = 0; m < report.models().size(); m++) {
      models.add(option(report.models().get(m).name()).withValue(String.valueOf(m)));
    }
    return div(
            label(text("Show examples where "), select(each(models, o -> o)).withId("model")),
            label(
                select(
                        option("was fooled").withValue("SUCCESS"),
                        option("held").withValue("FAILED"),
                        option("was wrong before").withValue("SKIPPED"),
                        option("had any outcome").withValue(""))
                    .withId("status")),
            label(
                text(" sorted by "),
                select(
                        option("position").withValue("index"),
                        option("fewest queries").withValue("queries"),
                        option("fewest words changed").withValue("changed"))
                    .withId("order")),
            span().withId("count").withClass("muted"))
        .withClass("controls");
  }

  private static DomContent card(Report report, int index, List<Try> tries) {
    Outcome first = tries.getFirst().outcome();
    String pair = first.original().pair();
    return article(
            div(
                    span("#" + index).withClass("muted"),
                    span(report.classes().get(first.label())).withClass("gold"))
                .withClass("head"),
            div(bdi(first.original().text())).withClass("original"),
            pair == null ? text("") : div(bdi(pair)).withClass("original"),
            each(tries, one -> row(report, one)))
        .withClass("example");
  }

  private static DomContent row(Report report, Try one) {
    Outcome o = one.outcome();
    String attack = report.attackNames().size() > 1 ? " · " + one.attack() : "";
    String badge =
        switch (o.status()) {
          case SUCCESS -> "fooled";
          case FAILED -> "held";
          case SKIPPED -> "wrong before";
        };
    return div(
            div(
                    span().withClass("swatch s" + Charts.colour(one.model())),
                    span(one.name() + attack).withClass("who"),
                    span(badge).withClass("badge " + badge.replace(' ', '-')),
                    span(predictions(report, o)).withClass("what"),
                    span(effort(o)).withClass("muted"))
                .withClass("head"),
            o.status() == Status.SKIPPED ? text("") : div(diff(o, 0)).withClass("perturbed"),
            o.status() == Status.SKIPPED || o.perturbed().pair() == null
                ? text("")
                : div(diff(o, 1)).withClass("perturbed"))
        .withClass("try")
        .attr("data-model", String.valueOf(one.model()))
        .attr("data-status", o.status().name())
        .attr("data-queries", String.valueOf(o.queries()))
        .attr("data-changed", String.valueOf(o.changes().size()));
  }

  private static String predictions(Report report, Outcome o) {
    String before =
        report.classes().get(o.originalPrediction())
            + " "
            + Say.percent((double) o.originalProbabilities()[o.originalPrediction()]);
    if (o.status() == Status.SKIPPED) {
      return before;
    }
    return before
        + " → "
        + report.classes().get(o.finalPrediction())
        + " "
        + Say.percent((double) o.finalProbabilities()[o.finalPrediction()]);
  }

  private static String effort(Outcome o) {
    if (o.status() == Status.SKIPPED) {
      return "not attacked";
    }
    String similarity =
        Double.isNaN(o.similarity()) ? "" : ", similarity " + Say.number(o.similarity(), 2);
    return "%d of %d words, %d queries%s"
        .formatted(o.changes().size(), o.words(), o.queries(), similarity);
  }

  /** Isolated from the text around it: a right-to-left word must not turn the line. */
  private static DomContent diff(Outcome outcome, int column) {
    return bdi(
        each(
            WordDiff.of(outcome, column),
            piece -> {
              String from = piece.from();
              return from == null
                  ? text(piece.to())
                  : span(del(from), ins(piece.to().isEmpty() ? "∅" : piece.to()))
                      .withClass("change");
            }));
  }
}
