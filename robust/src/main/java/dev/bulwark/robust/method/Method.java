package dev.bulwark.robust.method;

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
 * @param build makes the recipe from checked settings
 */
public record Method(
    String name,
    String summary,
    String source,
    List<Option> options,
    Function<Settings, Recipe> build) {
  /**
   * Lists methods. An implementation with {@code @AutoService(Method.Listing.class)} is found by
   * itself: a new method is one file, here or in a jar of its own.
   */
  public interface Listing {
    /** Methods to offer. */
    List<Method> methods();
  }

  /**
   * Something that can be set with {@code --set NAME=VALUE}.
   *
   * @param name its name
   * @param kind what a value looks like
   * @param standard its value if it is not set
   * @param meaning what it does, with unit and range
   * @param choices allowed values of a choice; empty for other kinds
   */
  public record Option(
      String name, Kind kind, String standard, String meaning, List<String> choices) {
    /** What a value looks like. */
    public enum Kind {
      /** A finite number. */
      NUMBER,
      /** A whole number. */
      WHOLE,
      /** "true" or "false". */
      FLAG,
      /** One of a few words. */
      CHOICE,
      /** Any text. */
      TEXT
    }

    /** A number. */
    public static Option number(String name, double standard, String meaning) {
      String shown =
          standard == Math.rint(standard) && Math.abs(standard) < 1e9
              ? Long.toString((long) standard)
              : Double.toString(standard);
      return new Option(name, Kind.NUMBER, shown, meaning, List.of());
    }

    /** A whole number. */
    public static Option whole(String name, int standard, String meaning) {
      return new Option(name, Kind.WHOLE, Integer.toString(standard), meaning, List.of());
    }

    /** A switch. */
    public static Option flag(String name, boolean standard, String meaning) {
      return new Option(name, Kind.FLAG, Boolean.toString(standard), meaning, List.of());
    }

    /** One of a few words; the choice between a paper and its code is "paper" and "released". */
    public static Option choice(String name, String standard, String meaning, String... choices) {
      return new Option(name, Kind.CHOICE, standard, meaning, List.of(choices));
    }

    /** Any text. */
    public static Option text(String name, String standard, String meaning) {
      return new Option(name, Kind.TEXT, standard, meaning, List.of());
    }

    /** Refuses a value that does not look like its kind. */
    private void check(String value) {
      switch (kind) {
        case NUMBER -> parse(value);
        case WHOLE -> {
          double v = parse(value);
          if (v != Math.rint(v) || Math.abs(v) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " must be a whole number, not " + value);
          }
        }
        case FLAG -> {
          if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(name + " must be true or false, not " + value);
          }
        }
        case CHOICE -> {
          if (!choices.contains(value)) {
            throw new IllegalArgumentException(
                name + " must be one of " + choices + ", not " + value);
          }
        }
        case TEXT -> {}
      }
    }

    private double parse(String value) {
      try {
        double v = Double.parseDouble(value);
        if (Double.isFinite(v)) {
          return v;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new IllegalArgumentException("option " + name + "=" + value + " is not a number");
    }
  }

  /**
   * Values of all options, each of its kind.
   *
   * @param values by option name
   */
  public record Settings(Map<String, String> values) {
    /** A value as text. */
    public String text(String name) {
      String v = values.get(name);
      if (v == null) {
        throw new IllegalArgumentException("no option named " + name);
      }
      return v;
    }

    /** A value as a number. */
    public double number(String name) {
      return Double.parseDouble(text(name));
    }

    /** A whole number. */
    public int whole(String name) {
      return (int) number(name);
    }

    /** A value that must not be negative. */
    public double magnitude(String name) {
      double v = number(name);
      if (v < 0) {
        throw new IllegalArgumentException(name + " must not be negative, but is " + v);
      }
      return v;
    }

    /** A whole number that must not be below a bound. */
    public int atLeast(int bound, String name) {
      int v = whole(name);
      if (v < bound) {
        throw new IllegalArgumentException(name + " must be at least " + bound + ", not " + v);
      }
      return v;
    }

    /** A number that must lie in [0, 1]. */
    public double share(String name) {
      double v = number(name);
      if (!(v >= 0 && v <= 1)) {
        throw new IllegalArgumentException(name + " must lie in [0, 1], but is " + v);
      }
      return v;
    }

    /** A switch. */
    public boolean flag(String name) {
      return Boolean.parseBoolean(text(name));
    }
  }

  /**
   * The recipe for some settings; options that are not set take their standard value.
   *
   * @param set values by option name
   * @return the recipe, combinable with others
   * @throws IllegalArgumentException if an option is not known or a value is not allowed
   */
  public Recipe recipe(Map<String, String> set) {
    Map<String, String> values = new LinkedHashMap<>();
    options.forEach(o -> values.put(o.name(), o.standard()));
    set.forEach((key, value) -> {
      if (!values.containsKey(key)) {
        throw new IllegalArgumentException(
            "method '" + name + "' has no option '" + key + "'; it has " + values.keySet());
      }
      values.put(key, value);
    });
    Settings settings = new Settings(values);
    options.forEach(o -> o.check(settings.text(o.name())));
    return build.apply(settings).named(name);
  }
}
