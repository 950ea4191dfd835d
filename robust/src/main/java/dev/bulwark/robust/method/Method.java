package dev.bulwark.robust.method;

import dev.bulwark.robust.objective.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A training method that can be asked for by name.
 *
 * @param name as on the command line
 * @param summary one sentence
 * @param source the paper
 * @param options what can be set
 * @param build makes the objective from checked settings
 */
public record Method(
    String name,
    String summary,
    String source,
    List<Option> options,
    Function<Settings, Objective> build) {
  /**
   * A number that can be set with {@code --set NAME=VALUE}.
   *
   * @param name its name
   * @param standard its value if it is not set
   * @param meaning what it does, with unit and range
   */
  public record Option(String name, double standard, String meaning) {}

  /**
   * Values of all options.
   *
   * @param values by option name
   */
  public record Settings(Map<String, Double> values) {
    /** A value as a number. */
    public double number(String name) {
      Double v = values.get(name);
      if (v == null) {
        throw new IllegalArgumentException("no option named " + name);
      }
      return v;
    }

    /** A value that must be a whole number. */
    public int whole(String name) {
      double v = number(name);
      if (v != Math.rint(v) || Math.abs(v) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(name + " must be a whole number, not " + v);
      }
      return (int) v;
    }

    /** A value that must not be negative. */
    public double magnitude(String name) {
      double v = number(name);
      if (v < 0) {
        throw new IllegalArgumentException(name + " must not be negative, but is " + v);
      }
      return v;
    }

    /** A value that must be 0 (false) or 1 (true). */
    public boolean flag(String name) {
      double v = number(name);
      if (v != 0 && v != 1) {
        throw new IllegalArgumentException(name + " must be 0 or 1, not " + v);
      }
      return v == 1;
    }
  }

  /**
   * The objective for some settings; options that are not set take their standard value.
   *
   * @param set values by option name, as text
   * @return the objective
   * @throws IllegalArgumentException if an option is not known or a value is not allowed
   */
  public Objective objective(Map<String, String> set) {
    Map<String, Double> values = new LinkedHashMap<>();
    options.forEach(o -> values.put(o.name(), o.standard()));
    set.forEach((key, value) -> {
      if (!values.containsKey(key)) {
        throw new IllegalArgumentException(
            "method '" + name + "' has no option '" + key + "'; it has " + values.keySet());
      }
      values.put(key, parse(key, value));
    });
    return build.apply(new Settings(values));
  }

  private static double parse(String key, String value) {
    try {
      double v = Double.parseDouble(value);
      if (Double.isFinite(v)) {
        return v;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("option " + key + "=" + value + " is not a number");
  }
}
