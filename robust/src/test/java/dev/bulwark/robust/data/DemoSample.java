package dev.bulwark.robust.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes the committed demo sample from a DBpedia-14 file in JSON lines (label 0 to 13, text).
 *
 * <p>The recipe, which {@code README.md} beside the data repeats in words: keep the first sentence
 * of each article if it is whole and has 8 to 24 words; keep one sentence of each template; shuffle
 * with a fixed seed; deal out equally many of each class, classes in turn, so that every beginning
 * of a file is balanced.
 */
final class DemoSample {
  static final List<String> CLASSES =
      List.of(
          "Company",
          "EducationalInstitution",
          "Artist",
          "Athlete",
          "OfficeHolder",
          "MeanOfTransportation",
          "Building",
          "NaturalPlace",
          "Village",
          "Animal",
          "Plant",
          "Album",
          "Film",
          "WrittenWork");

  /** Rows of each class by file. */
  static final Map<String, Integer> PER_CLASS =
      Collections.unmodifiableMap(
          new LinkedHashMap<>(Map.of("train.tsv", 100, "dev.tsv", 20, "test.tsv", 15)));

  private static final long SEED = 14;
  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}]+");

  /** Cut at an initial or abbreviation ("Scott B ."), or two sentences run together. */
  private static final Pattern CUT =
      Pattern.compile(".*(?:[A-Z.]|\\b(?:St|Mr|Mrs|Dr|Jr|Inc|Co|No|vs)) \\.$|.*[a-z)]\\.[A-Z].*");

  /** What foreign script left behind in the source: "( Serbian : )", "[ tin ]", "/dunprs/". */
  private static final Pattern REMAINS = Pattern.compile(".*(?:: [);]|\\( [);]|\\[ |/\\S+/ ).*");

  /** What makes sentences of one template differ: names and numbers. */
  private static final Pattern FILLING = Pattern.compile("\\p{Lu}\\S*|\\S*[0-9]\\S*");

  private DemoSample() {}

  /**
   * Writes the sample.
   *
   * @param args the source file and the folder to write to
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[1]);
    for (Map.Entry<String, String> file : make(Path.of(args[0])).entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /** The contents of the files by name. */
  static Map<String, String> make(Path source) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Rows all = Corpus.of(source).rows()) {
      all.forEachRemaining(rows::add);
    }
    Collections.shuffle(rows, new Random(SEED));
    Set<String> templates = new HashSet<>();
    Map<String, List<String>> byClass = new TreeMap<>();
    for (Row row : rows) {
      String sentence = SPACE.matcher(row.text().split("\t", 2)[0]).replaceAll(" ").strip();
      int words = sentence.split(" ").length;
      String template = FILLING.matcher(sentence).replaceAll("X").replaceAll("X(?: X)+", "X");
      boolean whole =
          sentence.endsWith(" .")
              && !CUT.matcher(sentence).matches()
              && !REMAINS.matcher(sentence).matches();
      if (words >= 8 && words <= 24 && whole && templates.add(template)) {
        String name = CLASSES.get(Integer.parseInt(String.valueOf(row.label())));
        byClass.computeIfAbsent(name, k -> new ArrayList<>()).add(sentence);
      }
    }
    Map<String, String> files = new LinkedHashMap<>();
    int from = 0;
    for (String file : List.of("train.tsv", "dev.tsv", "test.tsv")) {
      StringBuilder text = new StringBuilder("text\tlabel\n");
      int to = from + PER_CLASS.getOrDefault(file, 0);
      for (int i = from; i < to; i++) {
        for (String name : CLASSES) {
          text.append(byClass.getOrDefault(name, List.of()).get(i));
          text.append('\t').append(name).append('\n');
        }
      }
      files.put(file, text.toString());
      from = to;
    }
    return files;
  }
}
