package dev.bulwark.robust.eval;

import static j2html.TagCreator.article;
import static j2html.TagCreator.body;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.footer;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.script;
import static j2html.TagCreator.span;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A report as one page that needs nothing else: no network, and no script but a small filter.
 *
 * <p>Everything foreign passes through j2html's escaping; only the style sheet and the script,
 * which are ours, go in raw. A content security policy forbids the page to load or run anything
 * more.
 */
final class HtmlReport {
  private static final String CSS = resource("report.css");
  private static final String JS = resource("report.js");

  private HtmlReport() {}

  static String render(Report report) {
    return "<!doctype html>\n"
        + html(
                head(
                    meta().withCharset("utf-8"),
                    meta()
                        .attr("http-equiv", "Content-Security-Policy")
                        .withContent(
                            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"
                                + sha256(JS)
                                + "'"),
                    meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                    meta().withName("color-scheme").withContent("light dark"),
                    title(report.title()),
                    style(rawHtml(CSS))),
                body(
                    top(report),
                    main(
                        cards(report),
                        findings(report),
                        section(
                            "Comparison", HtmlTables.models(report), HtmlTables.attacks(report)),
                        section("Plots", plots(report)),
                        HtmlExamples.section(report),
                        section("Classes", HtmlTables.classes(report)),
                        notes(report),
                        section("Provenance", HtmlTables.provenance(report.provenance()))),
                    footer("Made by Bulwark. This page is self-contained and loads nothing."),
                    script(rawHtml(JS))))
            .withLang("en")
            .render()
        + "\n";
  }

  static DomContent section(String heading, DomContent... contents) {
    return j2html.TagCreator.section(h2(heading)).with(contents);
  }

  private static DomContent top(Report report) {
    Provenance from = report.provenance();
    return header(
        div(
            h1(report.title()),
            p(report.summary()).withClass("summary"),
            p(
                each(
                    List.of(
                        from.startedAt().toString().replaceFirst("T(\\d\\d:\\d\\d).*", " $1 UTC"),
                        "took " + Say.seconds(from.seconds()),
                        "seed " + from.seed(),
                        String.join(", ", from.backends()),
                        from.cores() + (from.cores() == 1 ? " core" : " cores")),
                    chip -> span(chip).withClass("chip")))));
  }

  private static DomContent cards(Report report) {
    List<DomContent> cards = new ArrayList<>();
    for (int m = 0; m < report.models().size(); m++) {
      ModelResult model = report.models().get(m);
      cards.add(card(model, Charts.colour(m)));
    }
    return div(cards.toArray(DomContent[]::new)).withClass("cards");
  }

  private static DomContent card(ModelResult model, int colour) {
    ClassificationMetrics clean = model.clean();
    List<DomContent> lines = new ArrayList<>();
    for (AttackResult attack : model.attacks()) {
      AttackMetrics m = attack.metrics();
      lines.add(
          big(
              "accuracy under " + attack.attack(),
              m.accuracyUnderAttack(),
              "attack succeeds on %s, %s queries each"
                  .formatted(
                      Say.percent(m.successRate().value()), Say.number(m.meanQueries(), 0))));
    }
    return article(
            h3(span().withClass("swatch s" + colour), span(model.name())),
            p(model.description()).withClass("muted"),
            div(
                    each(lines, line -> line),
                    big(
                        "clean accuracy",
                        clean.accuracy(),
                        "calibration error " + Say.number(clean.calibrationError(), 3)))
                .withClass("figures"))
        .withClass("card c" + colour);
  }

  private static DomContent big(String what, Rate rate, String more) {
    return div(
        div(what).withClass("label"),
        div(Say.percent(rate.value())).withClass("number"),
        div(rate.total() == 0 ? "" : "95 % " + Say.interval(rate) + ", n = " + rate.total())
            .withClass("muted"),
        div(more).withClass("muted"));
  }

  private static DomContent findings(Report report) {
    if (report.comparisons().isEmpty()) {
      return div();
    }
    return div(
            ul(each(report.comparisons(), c -> li(Say.sentence(c)))),
            p("Differences are paired on the same examples: bootstrap interval, exact McNemar test.")
                .withClass("muted"))
        .withClass("findings");
  }

  private static DomContent plots(Report report) {
    List<DomContent> plots = new ArrayList<>();
    plots.add(plot("Accuracy, clean and under attack", "Whiskers: 95 %.", Charts.accuracy(report)));
    if (!report.attackNames().isEmpty()) {
      plots.add(plot("Effort of the attack", "Attacked examples.", Charts.queries(report)));
      plots.add(plot("Words changed", "Adversarial examples.", Charts.changedWords(report)));
    }
    if (report.models().stream().anyMatch(m -> m.training() != null)) {
      plots.add(plot("Training loss", "Means of neighbouring steps.", Charts.loss(report)));
      plots.add(plot("Development accuracy", "While training.", Charts.devAccuracy(report)));
    }
    plots.add(
        plot(
            "Reliability, clean",
            "On the dashed line confidence equals accuracy; larger dots hold more predictions.",
            Charts.reliability(report)));
    List<DomContent> legend = new ArrayList<>();
    for (int m = 0; m < report.models().size(); m++) {
      legend.add(
          span(span().withClass("swatch s" + Charts.colour(m)), span(report.models().get(m).name()))
              .withClass("key"));
    }
    return div(
        div(legend.toArray(DomContent[]::new)).withClass("legend"),
        div(plots.toArray(DomContent[]::new)).withClass("plots"));
  }

  private static DomContent plot(String heading, String caption, DomContent svg) {
    return figure(h3(heading), svg, figcaption(caption));
  }

  private static DomContent notes(Report report) {
    if (report.notes().isEmpty()) {
      return div();
    }
    return section("Notes", ul(each(report.notes(), note -> li(note))).withClass("notes"));
  }

  private static String sha256(String text) {
    byte[] digest = FileDigest.newSha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + name + " of the report");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
