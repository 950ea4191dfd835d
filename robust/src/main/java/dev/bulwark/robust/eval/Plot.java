package dev.bulwark.robust.eval;

import static j2html.TagCreator.tag;

import j2html.tags.ContainerTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One plot as inline SVG: a frame with axes and ticks, marks on it, a legend below.
 *
 * <p>Colours are CSS classes ({@code s0} to {@code s5}, {@code axis}, {@code grid}), so that the
 * page decides what they look like in light and dark.
 */
final class Plot {
  static final int COLOURS = 6;
  private static final double WIDTH = 520;
  private static final double HEIGHT = 300;
  private static final double LEFT = 54;
  private static final double RIGHT = 14;
  private static final double TOP = 12;
  private static final double BOTTOM = 46;

  private final double xLow;
  private final double xHigh;
  private final double yLow;
  private final double yHigh;
  private final ContainerTag<?> svg;

  /**
   * An empty frame.
   *
   * @param label what the plot shows, for those who cannot see it
   * @param xLow value at the left edge
   * @param xHigh value at the right edge, greater
   * @param yLow value at the lower edge
   * @param yHigh value at the upper edge, greater
   */
  Plot(String label, double xLow, double xHigh, double yLow, double yHigh) {
    this.xLow = xLow;
    this.xHigh = xHigh;
    this.yLow = yLow;
    this.yHigh = yHigh;
    this.svg =
        tag("svg")
            .attr("viewBox", "0 0 %.0f %.0f".formatted(WIDTH, HEIGHT))
            .attr("role", "img")
            .attr("aria-label", label);
  }

  double x(double value) {
    return LEFT + (value - xLow) / (xHigh - xLow) * (WIDTH - LEFT - RIGHT);
  }

  double y(double value) {
    return HEIGHT - BOTTOM - (value - yLow) / (yHigh - yLow) * (HEIGHT - TOP - BOTTOM);
  }

  /** Ticks with grid lines on the y axis. */
  Plot yAxis(String title, boolean percent) {
    for (double tick : ticks(yLow, yHigh, 5)) {
      line("grid", x(xLow), y(tick), x(xHigh), y(tick));
      text("tick", LEFT - 8, y(tick) + 4, "end", percent ? label(100 * tick) : label(tick));
    }
    String place = "rotate(-90 13 %s)".formatted(num(y((yLow + yHigh) / 2)));
    svg.with(textTag("title", 13, y((yLow + yHigh) / 2), "middle", title).attr("transform", place));
    return this;
  }

  /** Ticks on the x axis. */
  Plot xAxis(String title, boolean percent) {
    for (double tick : ticks(xLow, xHigh, 6)) {
      xTick(tick, percent ? label(100 * tick) : label(tick));
    }
    return xTitle(title);
  }

  /** The base line and the title below it. */
  Plot xTitle(String title) {
    line("axis", x(xLow), y(yLow), x(xHigh), y(yLow));
    text("title", x((xLow + xHigh) / 2), HEIGHT - 8, "middle", title);
    return this;
  }

  /** A label under a place of the x axis. */
  Plot xTick(double at, String label) {
    text("tick", x(at), HEIGHT - BOTTOM + 17, "middle", label);
    return this;
  }

  /** A bar from the base line up, between two x values. */
  Plot bar(int colour, double from, double to, double value, String tip) {
    double top = y(Math.min(value, yHigh));
    svg.with(
        shape("rect", "s" + colour)
            .attr("x", num(x(from)))
            .attr("y", num(top))
            .attr("width", num(Math.max(0.5, x(to) - x(from))))
            .attr("height", num(Math.max(0, y(yLow) - top)))
            .attr("rx", "1.5")
            .with(tag("title").withText(tip)));
    return this;
  }

  /** A value written above a place. */
  Plot value(double x, double y, String label) {
    text("value", x(x), y(y) - 6, "middle", label);
    return this;
  }

  /** A vertical interval with caps. */
  Plot whisker(double at, double low, double high) {
    double cap = 5;
    line("whisker", x(at), y(low), x(at), y(high));
    line("whisker", x(at) - cap, y(low), x(at) + cap, y(low));
    line("whisker", x(at) - cap, y(high), x(at) + cap, y(high));
    return this;
  }

  /** A polyline through points. */
  Plot curve(String style, List<TrainingCurve.Point> points) {
    StringBuilder path = new StringBuilder();
    for (TrainingCurve.Point point : points) {
      path.append(num(x(point.step()))).append(',').append(num(y(point.value()))).append(' ');
    }
    svg.with(shape("polyline", style).attr("points", path.toString().strip()));
    return this;
  }

  /** A dot; its area is for the caller to give meaning. */
  Plot dot(int colour, double atX, double atY, double radius, String tip) {
    svg.with(
        shape("circle", "s" + colour)
            .attr("cx", num(x(atX)))
            .attr("cy", num(y(atY)))
            .attr("r", num(radius))
            .with(tag("title").withText(tip)));
    return this;
  }

  ContainerTag<?> svg() {
    return svg;
  }

  /**
   * Round places between two values, about as many as wanted.
   *
   * @param low lower end
   * @param high upper end, greater
   * @param wanted at least 2
   */
  static List<Double> ticks(double low, double high, int wanted) {
    double rough = (high - low) / wanted;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double nice : new double[] {2, 5, 10}) {
      boolean nearer = Math.abs(Math.log(nice * power / rough)) < Math.abs(Math.log(step / rough));
      step = nearer ? nice * power : step;
    }
    List<Double> ticks = new ArrayList<>();
    for (long k = (long) Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
      ticks.add(k * step);
    }
    return ticks;
  }

  private void line(String style, double x1, double y1, double x2, double y2) {
    svg.with(
        shape("line", style)
            .attr("x1", num(x1))
            .attr("y1", num(y1))
            .attr("x2", num(x2))
            .attr("y2", num(y2)));
  }

  private void text(String style, double x, double y, String anchor, String content) {
    svg.with(textTag(style, x, y, anchor, content));
  }

  private static ContainerTag<?> textTag(
      String style, double x, double y, String anchor, String content) {
    return shape("text", style)
        .attr("x", num(x))
        .attr("y", num(y))
        .attr("text-anchor", anchor)
        .withText(content);
  }

  private static ContainerTag<?> shape(String name, String style) {
    return tag(name).attr("class", style);
  }

  private static String num(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String label(double value) {
    String text = String.format(Locale.ROOT, "%.3f", value);
    text = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    return text.equals("-0") ? "0" : text;
  }
}
