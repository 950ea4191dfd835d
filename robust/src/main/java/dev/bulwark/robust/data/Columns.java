package dev.bulwark.robust.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a file hold what.
 *
 * @param text column of the sentence, or of the first sentence of a pair
 * @param pair column of the second sentence, or null for single sentences
 * @param label column of the label, or null if labels are not wanted
 */
public record Columns(String text, @Nullable String pair, @Nullable String label) {
  /** Tried in this order; a pair wins over a single column. */
  private static final List<List<String>> PAIRS =
      List.of(
          List.of("premise", "hypothesis"),
          List.of("sentence1", "sentence2"),
          List.of("question1", "question2"),
          List.of("question", "sentence"),
          List.of("question", "passage"),
          List.of("text_a", "text_b"),
          List.of("text", "pair"));

  private static final List<String> SINGLES =
      List.of("sentence", "text", "content", "review", "question", "premise");

  private static final List<String> LABELS = List.of("label", "gold_label", "class", "target");

  /**
   * Columns of a single-sentence task.
   *
   * @param text column of the sentence
   * @param label column of the label
   * @return the columns
   */
  public static Columns single(String text, String label) {
    return new Columns(text, null, label);
  }

  /** The names used, in order. */
  List<String> names() {
    return Stream.of(text, pair, label).filter(Objects::nonNull).toList();
  }

  /**
   * Finds the columns by their usual names, letter case ignored.
   *
   * @param file for the message
   * @param found the names that the file has
   * @param labelled whether a label column is wanted
   * @throws DataException if no text column or no label column is known by its name
   */
  static Columns detect(String file, List<String> found, boolean labelled) {
    Map<String, String> byName = new HashMap<>();
    found.forEach(name -> byName.putIfAbsent(name.strip().toLowerCase(Locale.ROOT), name));
    String label = labelled ? first(LABELS, byName) : null;
    if (labelled && label == null) {
      throw new DataException(
          file + ": no column is called label; found " + listed(found) + "; name the label column");
    }
    for (List<String> pair : PAIRS) {
      String text = byName.get(pair.get(0));
      String second = byName.get(pair.get(1));
      if (text != null && second != null) {
        return new Columns(text, second, label);
      }
    }
    String text = first(SINGLES, byName);
    if (text == null) {
      throw new DataException(
          file
              + ": no column has a usual name for text (sentence, text, premise and hypothesis, …);"
              + " found "
              + listed(found)
              + "; name the text column");
    }
    return new Columns(text, null, label);
  }

  /**
   * Refuses columns that the file lacks or has twice.
   *
   * @throws DataException naming the column, those found and the nearest name
   */
  void requireIn(String file, List<String> found) {
    Set<String> distinct = new HashSet<>(names());
    if (distinct.size() < names().size()) {
      throw new DataException(
          file + ": text, pair and label must be different columns, but are " + listed(names()));
    }
    for (String name : names()) {
      long times = found.stream().filter(name::equals).count();
      if (times == 0) {
        throw new DataException(
            file
                + ": there is no column \""
                + Names.excerpt(name)
                + "\"; found "
                + listed(found)
                + Names.suggestion(name, found));
      }
      if (times > 1) {
        throw new DataException(
            file + ": the column \"" + Names.excerpt(name) + "\" occurs " + times + " times");
      }
    }
  }

  private static @Nullable String first(List<String> wanted, Map<String, String> byName) {
    return wanted.stream().map(byName::get).filter(n -> n != null).findFirst().orElse(null);
  }

  static String listed(List<String> names) {
    List<String> shown = names.stream().limit(20).map(Names::excerpt).toList();
    return String.join(", ", shown) + (shown.size() < names.size() ? ", …" : "");
  }
}
