package dev.bulwark.nn.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads {@code bert-unicode.txt}. Sections start with a name in brackets; what follows are items
 * separated by white space, code points in hexadecimal:
 *
 * <ul>
 *   <li>{@code 300-36f}, {@code 41}: these code points belong to the section's class
 *   <li>{@code 41-5a:+20}, {@code 100-12e/2:+1}: each, or every second, maps to itself plus that
 *   <li>{@code c0:41.300}: maps to these
 *   <li>in {@code [combining]}, {@code 300-314:230}: have this combining class (decimal)
 * </ul>
 */
final class BertUnicodeFile {
  private static final String RESOURCE = "bert-unicode.txt";
  private static final int[] NOTHING = {};

  private final Map<String, Integer> flags =
      Map.of(
          "blank", BertUnicode.BLANK,
          "drop", BertUnicode.DROP,
          "mark", BertUnicode.MARK,
          "punctuation", BertUnicode.PUNCTUATION,
          "ideograph", BertUnicode.IDEOGRAPH,
          "lower", BertUnicode.UPPER,
          "decompose", BertUnicode.DECOMPOSES);
  private final int[] entries = new int[Character.MAX_CODE_POINT + 1];
  private final Map<Integer, int[]> lower = new HashMap<>();
  private final Map<Integer, int[]> decompositions = new HashMap<>();
  private final TreeMap<Integer, Integer> combining = new TreeMap<>();
  private int[] pool = new int[1];
  private int poolSize = 1;

  private BertUnicodeFile() {}

  static BertUnicodeFile read() {
    String text;
    try (InputStream in = BertUnicodeFile.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "The resource " + RESOURCE + " is not on the class path; the jar is damaged.");
      }
      text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException("The resource " + RESOURCE + " cannot be read.", e);
    }
    BertUnicodeFile file = new BertUnicodeFile();
    String section = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1);
      } else if (!line.startsWith("#")) {
        for (String item : line.split(" ")) {
          file.item(section, item);
        }
      }
    }
    file.flagSyllables();
    file.flagMovers();
    return file;
  }

  private void item(String section, String item) {
    String[] sides = item.split(":");
    String[] range = sides[0].split("[-/]");
    int first = hex(range[0]);
    int last = range.length > 1 ? hex(range[1]) : first;
    int step = range.length > 2 ? hex(range[2]) : 1;
    int flag = flags.getOrDefault(section, 0);
    for (int c = first; c <= last; c += step) {
      if (section.equals("combining")) {
        combining.put(c, Integer.valueOf(sides[1]));
        continue;
      }
      entries[c] |= flag;
      if (sides.length > 1) {
        (section.equals("lower") ? lower : decompositions).put(c, target(c, sides[1]));
      }
    }
  }

  private static int[] target(int c, String text) {
    if (text.startsWith("+") || text.startsWith("-")) {
      return new int[] {c + hex(text)};
    }
    return Arrays.stream(text.split("\\.")).mapToInt(BertUnicodeFile::hex).toArray();
  }

  private static int hex(String text) {
    return Integer.parseInt(text, 16);
  }

  /** Hangul syllables decompose by arithmetic and have no line in the file. */
  private void flagSyllables() {
    for (int c = 0xAC00; c <= 0xD7A3; c++) {
      entries[c] |= BertUnicode.DECOMPOSES;
    }
  }

  private void flagMovers() {
    for (int c : combining.keySet()) {
      if ((entries[c] & BertUnicode.MARK) == 0) {
        entries[c] |= BertUnicode.MOVES;
      }
    }
    decompositions.forEach((c, parts) -> {
      if (Arrays.stream(parts).anyMatch(p -> (entries[p] & BertUnicode.MOVES) != 0)) {
        entries[c] |= BertUnicode.MOVES;
      }
    });
  }

  /** One entry per code point: flags, and above them the place of its mappings in the pool. */
  int[] entries(int flagBits) {
    TreeSet<Integer> mapped = new TreeSet<>(lower.keySet());
    mapped.addAll(decompositions.keySet());
    for (int c : mapped) {
      entries[c] |= poolSize << flagBits;
      append(lower.getOrDefault(c, NOTHING));
      append(decompositions.getOrDefault(c, NOTHING));
    }
    return entries;
  }

  private void append(int[] values) {
    if (poolSize + values.length + 1 > pool.length) {
      pool = Arrays.copyOf(pool, 2 * (poolSize + values.length + 1));
    }
    pool[poolSize++] = values.length;
    System.arraycopy(values, 0, pool, poolSize, values.length);
    poolSize += values.length;
  }

  /** The mappings that {@link #entries} points into: per entry, length and values, twice. */
  int[] pool() {
    return Arrays.copyOf(pool, poolSize);
  }

  int[] combining() {
    return combining.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  byte[] classes() {
    byte[] classes = new byte[combining.size()];
    int i = 0;
    for (int value : combining.values()) {
      classes[i++] = (byte) value;
    }
    return classes;
  }

  /**
   * Keeps equal blocks once.
   *
   * @param blocks receives the number of each block
   * @return the different blocks, one after the other
   */
  static int[] compress(int[] entries, int blockBits, char[] blocks) {
    int size = 1 << blockBits;
    Map<IntBuffer, Integer> known = new HashMap<>();
    int[] kept = new int[entries.length];
    for (int b = 0; b < blocks.length; b++) {
      int at = b * size;
      if (b > 0 && Arrays.equals(entries, at, at + size, entries, at - size, at)) {
        blocks[b] = blocks[b - 1]; // nearly all are like the one before
        continue;
      }
      IntBuffer block = IntBuffer.wrap(Arrays.copyOfRange(entries, at, at + size));
      int number = known.computeIfAbsent(block, key -> known.size());
      blocks[b] = (char) number;
      System.arraycopy(entries, at, kept, number * size, size);
    }
    return Arrays.copyOf(kept, known.size() * size);
  }
}
