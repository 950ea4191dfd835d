package dev.bulwark.robust.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The classes of a task: distinct names in a fixed order; a class index is a place in it. */
public final class Labels {
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,18}");

  private final List<String> names;
  private final Map<String, Integer> indices;

  private Labels(List<String> names) {
    this.names = List.copyOf(names);
    this.indices = new HashMap<>();
    for (String name : this.names) {
      if (indices.put(name, indices.size()) != null) {
        throw new DataException("the class \"" + name + "\" is listed twice; name each class once");
      }
    }
    if (this.names.size() < 2) {
      throw new DataException(
          "a classifier needs at least 2 classes, but there "
              + (this.names.isEmpty() ? "is none" : "is only \"" + this.names.getFirst() + "\""));
    }
  }

  /**
   * Classes in the order given: the first has index 0.
   *
   * @param names at least 2 distinct names
   * @return the set
   * @throws DataException if there are fewer than 2 or a name is repeated
   */
  public static Labels of(List<String> names) {
    return new Labels(names);
  }

  /**
   * The classes that occur in a file, sorted: by value when all are integers, else by code unit.
   *
   * @param seen labels as written, with repetitions
   * @return the set
   * @throws DataException if fewer than 2 differ
   */
  public static Labels infer(Collection<String> seen) {
    List<String> names = new ArrayList<>(new LinkedHashSet<>(seen));
    boolean integers = names.stream().allMatch(name -> INTEGER.matcher(name).matches());
    Comparator<String> byText = Comparator.naturalOrder();
    names.sort(
        integers
            ? Comparator.<String>comparingLong(Long::parseLong).thenComparing(byText)
            : byText);
    return new Labels(names);
  }

  /**
   * The number of classes.
   *
   * @return C, at least 2
   */
  public int size() {
    return names.size();
  }

  /**
   * All names in order.
   *
   * @return C names
   */
  public List<String> names() {
    return names;
  }

  /**
   * The name of a class.
   *
   * @param index in [0, C)
   * @return its name
   */
  public String name(int index) {
    return names.get(index);
  }

  /**
   * The index of a class.
   *
   * @param name as written in a file
   * @return its index in [0, C), or empty if there is no such class
   */
  public OptionalInt index(String name) {
    Integer index = indices.get(name);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /** What to say of a label that is not among these. */
  String rejection(String label) {
    int shown = Math.min(names.size(), 20);
    String known = names.stream().limit(shown).collect(Collectors.joining(", "));
    return "the label \""
        + Names.excerpt(label)
        + "\" is none of the "
        + names.size()
        + " classes "
        + known
        + (shown < names.size() ? ", …" : "")
        + Names.suggestion(label, names);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels labels && names.equals(labels.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
