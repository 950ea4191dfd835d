package dev.bulwark.robust.eval;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers in words, alike in every kind of report and in every locale. */
final class Say {
  static final String NOTHING = "–";

  private Say() {}

  /** {@code 54.0 %}, or a dash. */
  static String percent(@Nullable Double share) {
    return share == null ? NOTHING : number(100 * share, 1) + " %";
  }

  /** {@code [47.1, 60.8]}, in percent. */
  static String interval(Rate rate) {
    return rate.total() == 0 ? "" : interval(rate.low(), rate.high());
  }

  static String interval(double low, double high) {
    return "[" + number(100 * low, 1) + ", " + number(100 * high, 1) + "]";
  }

  /** {@code +12.5 points}. */
  static String points(double difference) {
    return String.format(Locale.ROOT, "%+.1f points", 100 * difference).replace('-', '−');
  }

  static String number(@Nullable Double value, int digits) {
    return value == null || value.isNaN()
        ? NOTHING
        : String.format(Locale.ROOT, "%." + digits + "f", value).replace('-', '−');
  }

  /** {@code 0.003}, or {@code < 0.001}. */
  static String pValue(double p) {
    return p < 0.001 ? "< 0.001" : number(p, 3);
  }

  static String seconds(double seconds) {
    if (seconds < 60) {
      return number(seconds, 1) + " s";
    }
    Duration d = Duration.ofSeconds(Math.round(seconds));
    return d.toHours() > 0
        ? "%d h %02d min".formatted(d.toHours(), d.toMinutesPart())
        : "%d min %02d s".formatted(d.toMinutes(), d.toSecondsPart());
  }

  static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    String units = "KMGTPE";
    double value = bytes / 1024.0;
    int unit = 0;
    while (value >= 1024) {
      value /= 1024;
      unit++;
    }
    return number(value, 1) + " " + units.charAt(unit) + "iB";
  }

  /** One sentence a comparison. */
  static String sentence(Comparison c) {
    String verdict =
        c.significant()
            ? "a difference that chance hardly explains"
            : "a difference that may be chance";
    return "%s: %s against %s %s, 95 %% interval %s, p = %s: %s."
        .formatted(
            Character.toUpperCase(c.measure().charAt(0)) + c.measure().substring(1),
            c.candidate(),
            c.baseline(),
            points(c.difference()),
            interval(c.low(), c.high()),
            pValue(c.pValue()),
            verdict);
  }

  /** Nested settings as one list of dotted names and values. */
  static List<Map.Entry<String, String>> flat(Map<?, ?> settings) {
    List<Map.Entry<String, String>> flat = new ArrayList<>();
    flatten("", settings, flat);
    return flat;
  }

  private static void flatten(
      String prefix, Map<?, ?> settings, List<Map.Entry<String, String>> to) {
    settings.forEach((key, value) -> {
      if (value instanceof Map<?, ?> inner) {
        flatten(prefix + key + ".", inner, to);
      } else {
        to.add(Map.entry(prefix + key, String.valueOf(value)));
      }
    });
  }
}
