package dev.bulwark.nn.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code bert-unicode.txt} from what Hugging Face {@code tokenizers} gave for every code
 * point, the fixtures of {@code shared/fixtures/tokenizer}.
 *
 * <p>Run it with two arguments, the folder of the fixtures and the file to write; the resource of
 * the main tree was written so, and {@link BertUnicodeTest} checks that it still is what this
 * makes.
 *
 * <p>The fixtures hold the outcome of the whole normaliser; which step dropped a character is read
 * off like this: one that decomposes is dropped through its parts; of the others, those that the
 * JDK calls marks are marks (two were non-spacing ones for Hugging Face and are spacing ones by
 * now), and the rest is dropped when text is cleaned. {@link BertUnicodeTest} checks the steps one
 * by one against digests of Hugging Face's output.
 */
final class BertUnicodeGenerator {
  private static final int LINE = 100;
  private static final String HEADER =
      """
      # What BERT's normaliser and pre-tokenizer know about Unicode, as in Hugging Face tokenizers 0.23.2.
      # Made by BertUnicodeGenerator (test tree) from Hugging Face's output for every code point: do not
      # edit. BertUnicodeFile says how to read it.
      """;

  /** One line a scalar value; index by code point. */
  private final String[] bert;

  private final String[] nfd;
  private final String[] lower;
  private final String[] pieces;
  private final StringBuilder out = new StringBuilder(HEADER);

  private BertUnicodeGenerator(Path fixtures) throws IOException {
    bert = lines(fixtures.resolve("bert.txt.gz"));
    nfd = lines(fixtures.resolve("nfd.txt.gz"));
    lower = lines(fixtures.resolve("lower.txt.gz"));
    pieces = lines(fixtures.resolve("bpt.txt.gz"));
  }

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[1]), generate(Path.of(args[0])), StandardCharsets.US_ASCII);
  }

  /** The text of the resource. */
  static String generate(Path fixtures) throws IOException {
    return new BertUnicodeGenerator(fixtures).sections();
  }

  /** The lines of a fixture by code point; surrogates get that of themselves. */
  static String[] lines(Path gzip) throws IOException {
    String[] lines = new String[Character.MAX_CODE_POINT + 1];
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(gzip), 1 << 16),
                StandardCharsets.US_ASCII))) {
      for (int c = 0; c < lines.length; c++) {
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        lines[c] =
            surrogate
                ? Integer.toHexString(c)
                : Objects.requireNonNull(in.readLine(), gzip + " ends at " + c);
      }
    }
    return lines;
  }

  private String sections() throws IOException {
    section("blank", ranges(c -> pieces[c].equals("2")));
    section("drop", ranges(c -> dropped(c) && !mark(c)));
    section("mark", ranges(c -> dropped(c) && mark(c)));
    section("punctuation", ranges(c -> pieces[c].equals("3")));
    section("ideograph", ranges(c -> bert[c].startsWith("20 ") && bert[c].endsWith(" 20")));
    out.append("[combining]\n");
    out.append(combining()).append('\n');
    section("lower", mappings(c -> same(c, lower) ? null : lower[c]));
    section("decompose", mappings(c -> same(c, nfd) || syllable(c) ? null : nfd[c]));
    return out.toString();
  }

  private boolean dropped(int c) {
    return bert[c].isEmpty() && same(c, nfd);
  }

  private static boolean mark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean syllable(int c) {
    return c >= 0xAC00 && c <= 0xD7A3;
  }

  private static boolean same(int c, String[] table) {
    return table[c].equals(Integer.toHexString(c));
  }

  private static String combining() throws IOException {
    try (var in = BertUnicodeGenerator.class.getResourceAsStream("combining-classes.txt")) {
      String text =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
      return String.join("\n", text.lines().filter(line -> !line.startsWith("#")).toList());
    }
  }

  private void section(String name, List<String> items) {
    out.append('[').append(name).append("]\n");
    StringBuilder line = new StringBuilder();
    for (String item : items) {
      if (!line.isEmpty() && line.length() + 1 + item.length() > LINE) {
        out.append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(item);
    }
    out.append(line).append('\n');
  }

  private static List<String> ranges(IntPredicate member) {
    List<String> items = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (member.test(c)) {
        int first = c;
        while (c < Character.MAX_CODE_POINT && member.test(c + 1)) {
          c++;
        }
        items.add(range(first, c));
      }
    }
    return items;
  }

  private static String range(int first, int last) {
    return first == last
        ? Integer.toHexString(first)
        : Integer.toHexString(first) + "-" + Integer.toHexString(last);
  }

  /** Mappings to one code point as runs of equal distance, the others one by one. */
  private static List<String> mappings(IntFunction<@Nullable String> target) {
    record Run(int first, int last, int step, int distance) {
      String text() {
        String where = range(first, last) + (step == 2 && last > first ? "/2" : "");
        return where + ":" + (distance < 0 ? "-" : "+") + Integer.toHexString(Math.abs(distance));
      }
    }
    List<Object> items = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String to = target.apply(c);
      if (to == null) {
        continue;
      }
      if (to.contains(" ")) {
        items.add(Integer.toHexString(c) + ":" + to.replace(' ', '.'));
        continue;
      }
      int distance = Integer.parseInt(to, 16) - c;
      Object before = items.isEmpty() ? null : items.getLast();
      if (before instanceof Run run && run.distance == distance) {
        int step = c - run.last;
        boolean grows = step <= 2 && (run.first == run.last || run.step == step);
        if (grows) {
          items.set(items.size() - 1, new Run(run.first, c, step, distance));
          continue;
        }
      }
      items.add(new Run(c, c, 1, distance));
    }
    return items.stream().map(i -> i instanceof Run run ? run.text() : i.toString()).toList();
  }

  /** Parses a fixture line: code points in hexadecimal, separated by blanks. */
  static int[] codePoints(String line) {
    return line.isEmpty()
        ? new int[0]
        : Arrays.stream(line.split(" ")).mapToInt(h -> Integer.parseInt(h, 16)).toArray();
  }
}
