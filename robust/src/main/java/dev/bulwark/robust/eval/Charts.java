package dev.bulwark.robust.eval;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** The plots of a report; models keep their colour throughout. */
final class Charts {
  private static final int BINS = 12;
  private static final int CURVE_POINTS = 150;

  private Charts() {}

  /** Bars of accuracy, clean and under each attack, with 95 % intervals. */
  static DomContent accuracy(Report report) {
    List<String> groups =
        Stream.concat(
                Stream.of("clean"), report.attackNames().stream().map(attack -> "under " + attack))
            .toList();
    int models = report.models().size();
    Plot plot =
        new Plot("accuracy of each model", 0, groups.size(), 0, 1.1).yAxis("accuracy, %", true);
    double width = Math.min(0.8 / models, 0.28);
    for (int g = 0; g < groups.size(); g++) {
      for (int m = 0; m < models; m++) {
        ModelResult model = report.models().get(m);
        AttackResult attack = g == 0 ? null : model.attack(report.attackNames().get(g - 1));
        if (g > 0 && attack == null) {
          continue;
        }
        Rate rate =
            attack == null ? model.clean().accuracy() : attack.metrics().accuracyUnderAttack();
        Double value = rate.value();
        if (value != null) {
          double from = g + 0.5 + (m - models / 2.0) * width;
          double middle = from + width / 2;
          plot.bar(
              colour(m),
              from + 0.04 * width,
              from + 0.96 * width,
              value,
              "%s, %s: %s %s"
                  .formatted(model.name(), groups.get(g), Say.percent(value), Say.interval(rate)));
          plot.whisker(middle, rate.low(), rate.high());
          plot.value(middle, rate.high(), Say.number(100 * value, 1));
        }
      }
      plot.xTick(g + 0.5, groups.get(g));
    }
    return plot.xTitle("").svg();
  }

  /** Queries of each attacked example. */
  static DomContent queries(Report report) {
    return histogram(
        report,
        "queries per attacked example",
        o -> o.status() != Status.SKIPPED,
        Outcome::queries);
  }

  /** Words changed in each successful example. */
  static DomContent changedWords(Report report) {
    return histogram(
        report,
        "words changed per adversarial example",
        o -> o.status() == Status.SUCCESS,
        o -> o.changes().size());
  }

  private static DomContent histogram(
      Report report, String title, Predicate<Outcome> which, ToIntFunction<Outcome> measure) {
    List<int[]> values = new ArrayList<>();
    for (ModelResult model : report.models()) {
      values.add(
          model.attacks().stream()
              .flatMap(attack -> attack.outcomes().stream())
              .filter(which)
              .mapToInt(measure)
              .toArray());
    }
    int largest = values.stream().flatMapToInt(Arrays::stream).max().orElse(1);
    // Whole bins: a bin holds the integers in [k * step, (k + 1) * step).
    int step = Math.max(1, (int) Math.ceil((largest + 1) / (double) BINS));
    int bins = largest / step + 1;
    int models = values.size();
    double[][] shares = new double[models][bins];
    double top = 0;
    for (int m = 0; m < models; m++) {
      for (int value : values.get(m)) {
        shares[m][value / step] += 1.0 / values.get(m).length;
      }
      top = Math.max(top, Arrays.stream(shares[m]).max().orElse(0));
    }
    Plot plot =
        new Plot(title, 0, (double) bins * step, 0, Math.max(top * 1.08, 0.01))
            .yAxis("share of examples, %", true);
    double width = 0.86 * step / models;
    for (int m = 0; m < models; m++) {
      for (int b = 0; b < bins; b++) {
        if (shares[m][b] > 0) {
          double from = b * step + 0.07 * step + m * width;
          String range = step == 1 ? "" + b : b * step + " to " + ((b + 1) * step - 1);
          String tip =
              "%s: %s for %s"
                  .formatted(report.models().get(m).name(), Say.percent(shares[m][b]), range);
          plot.bar(colour(m), from, from + width, shares[m][b], tip);
        }
      }
    }
    if (step == 1) {
      for (int b = 0; b < bins; b++) {
        plot.xTick(b + 0.5, String.valueOf(b));
      }
      return plot.xTitle(title).svg();
    }
    return plot.xAxis(title, false).svg();
  }

  /** Training loss by step. */
  static DomContent loss(Report report) {
    return curves(report, "training loss", false, TrainingCurve::loss);
  }

  /** Development accuracy by step. */
  static DomContent devAccuracy(Report report) {
    return curves(report, "development accuracy, %", true, TrainingCurve::devAccuracy);
  }

  private static DomContent curves(
      Report report,
      String title,
      boolean percent,
      Function<TrainingCurve, List<TrainingCurve.Point>> which) {
    List<List<TrainingCurve.Point>> curves = new ArrayList<>();
    for (ModelResult model : report.models()) {
      TrainingCurve training = model.training();
      curves.add(training == null ? List.of() : thinned(which.apply(training)));
    }
    List<TrainingCurve.Point> all = curves.stream().flatMap(List::stream).toList();
    double right = all.stream().mapToDouble(TrainingCurve.Point::step).max().orElse(1);
    double high = all.stream().mapToDouble(TrainingCurve.Point::value).max().orElse(1);
    double low = all.stream().mapToDouble(TrainingCurve.Point::value).min().orElse(0);
    double bottom = percent ? Math.max(0, Math.floor(low * 10 - 0.5) / 10) : 0;
    Plot plot =
        new Plot(title, 0, Math.max(right, 1), bottom, percent ? 1 : Math.max(high * 1.05, 1e-3))
            .yAxis(title, percent)
            .xAxis("steps", false);
    for (int m = 0; m < curves.size(); m++) {
      plot.curve("line l" + colour(m), curves.get(m));
      if (curves.get(m).size() <= 30) {
        for (TrainingCurve.Point p : curves.get(m)) {
          String value = percent ? Say.percent(p.value()) : Say.number(p.value(), 3);
          plot.dot(colour(m), p.step(), p.value(), 3.5, Say.number(p.step(), 0) + ": " + value);
        }
      }
    }
    return plot.svg();
  }

  /**
   * Means of neighbours, so that a long noisy curve can be read; non-finite readings are left out.
   */
  static List<TrainingCurve.Point> thinned(List<TrainingCurve.Point> points) {
    List<TrainingCurve.Point> finite =
        points.stream().filter(p -> Double.isFinite(p.value())).toList();
    int group = Math.ceilDiv(Math.max(1, finite.size()), CURVE_POINTS);
    List<TrainingCurve.Point> thinned = new ArrayList<>();
    for (int from = 0; from < finite.size(); from += group) {
      var part = finite.subList(from, Math.min(finite.size(), from + group));
      thinned.add(
          new TrainingCurve.Point(
              part.stream().mapToDouble(TrainingCurve.Point::step).average().orElse(0),
              part.stream().mapToDouble(TrainingCurve.Point::value).average().orElse(0)));
    }
    return thinned;
  }

  /** Accuracy against confidence: on the diagonal, a model is as often right as it says. */
  static DomContent reliability(Report report) {
    Plot plot =
        new Plot("reliability", 0, 1, 0, 1)
            .yAxis("accuracy, %", true)
            .xAxis("confidence, %", true)
            .curve(
                "diagonal", List.of(new TrainingCurve.Point(0, 0), new TrainingCurve.Point(1, 1)));
    for (int m = 0; m < report.models().size(); m++) {
      ModelResult model = report.models().get(m);
      List<TrainingCurve.Point> line = new ArrayList<>();
      double total = Math.max(1, model.clean().accuracy().total());
      for (ReliabilityBin bin : model.clean().reliability()) {
        Double confidence = bin.confidence();
        Double accuracy = bin.accuracy();
        if (confidence != null && accuracy != null) {
          line.add(new TrainingCurve.Point(confidence, accuracy));
          plot.dot(
              colour(m),
              confidence,
              accuracy,
              2.5 + 9 * Math.sqrt(bin.count() / total),
              "%s: %d predictions, %s confident, %s right"
                  .formatted(
                      model.name(), bin.count(), Say.percent(confidence), Say.percent(accuracy)));
        }
      }
      plot.curve("line l" + colour(m), line);
    }
    return plot.svg();
  }

  static int colour(int model) {
    return model % Plot.COLOURS;
  }
}
