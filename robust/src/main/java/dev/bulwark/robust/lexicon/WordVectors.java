package dev.bulwark.robust.lexicon;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Word vectors from a file of the published text form, and nearest neighbours by cosine.
 *
 * <p>Vectors are kept at length 1 in blocks of 1024 words, dimension by dimension, so that one pass
 * over a block adds up all its cosines in loops that the compiler vectorises. Sums run in dimension
 * order for every word: the same file gives the same neighbours everywhere.
 */
public final class WordVectors {
  private static final int BLOCK = 1024;
  private static final int MAX_DIMENSION = 8192;

  private final Map<String, Integer> indices = new HashMap<>();
  private final List<String> words = new ArrayList<>();
  private final List<float[]> blocks = new ArrayList<>(); // each [dimension, BLOCK]
  private final int dimension;

  private WordVectors(int dimension) {
    this.dimension = dimension;
  }

  /**
   * Reads vectors, one word a line: the word, then its numbers, separated by single blanks. All
   * lines have as many numbers as the first.
   *
   * @param file UTF-8 text, for example {@code counter-fitted-vectors.txt}
   * @return the vectors
   * @throws IOException when the file cannot be read
   * @throws IllegalArgumentException when a line is not of that form, naming the line
   */
  public static WordVectors read(Path file) throws IOException {
    WordVectors vectors = null;
    int number = 0;
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line; (line = in.readLine()) != null; ) {
        number++;
        String[] parts = line.stripTrailing().split(" ", -1);
        if (vectors == null) {
          if (parts.length < 2 || parts.length > MAX_DIMENSION + 1) {
            throw bad(file, number, "expected a word and 1 to " + MAX_DIMENSION + " numbers");
          }
          vectors = new WordVectors(parts.length - 1);
        }
        vectors.add(parts, file, number);
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          file + ": line " + (number + 1) + " or soon after is not UTF-8; convert the file", e);
    }
    if (vectors == null) {
      throw new IllegalArgumentException(file + ": empty; expected lines 'word v1 v2 ...'");
    }
    return vectors;
  }

  private void add(String[] parts, Path file, int line) {
    if (parts.length != dimension + 1 || parts[0].isEmpty()) {
      throw bad(
          file,
          line,
          "found " + (parts.length - 1) + " numbers after the word, expected " + dimension);
    }
    float[] vector = new float[dimension];
    double squares = 0;
    for (int d = 0; d < dimension; d++) {
      vector[d] = parse(parts[d + 1], file, line);
      squares += (double) vector[d] * vector[d];
    }
    int index = words.size();
    if (indices.putIfAbsent(parts[0], index) != null) {
      throw bad(file, line, "the word '" + parts[0] + "' was there before");
    }
    words.add(parts[0]);
    if (index % BLOCK == 0) {
      blocks.add(new float[dimension * BLOCK]);
    }
    double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
    float[] block = blocks.getLast();
    for (int d = 0; d < dimension; d++) {
      block[d * BLOCK + index % BLOCK] = (float) (vector[d] * scale);
    }
  }

  private static float parse(String number, Path file, int line) {
    float value;
    try {
      value = Float.parseFloat(number);
    } catch (NumberFormatException e) {
      throw bad(file, line, "'" + number + "' is not a number");
    }
    if (!Float.isFinite(value)) {
      throw bad(file, line, "'" + number + "' is not finite");
    }
    return value;
  }

  private static IllegalArgumentException bad(Path file, int line, String what) {
    return new IllegalArgumentException(file + ": line " + line + ": " + what);
  }

  /** {@return the number of words} */
  public int size() {
    return words.size();
  }

  /** {@return the length of each vector} */
  public int dimension() {
    return dimension;
  }

  /**
   * Cosine of two words.
   *
   * @param a one word
   * @param b another
   * @return the cosine in [-1, 1], or NaN when a word is unknown
   */
  public double cosine(String a, String b) {
    Integer i = index(a);
    Integer j = index(b);
    if (i == null || j == null) {
      return Double.NaN;
    }
    double sum = 0;
    for (int d = 0; d < dimension; d++) {
      sum += (double) at(i, d) * at(j, d);
    }
    return Math.clamp(sum, -1, 1);
  }

  /**
   * The words of highest cosine as substitutes, cached by word.
   *
   * @param count how many at most; TextFooler takes 50
   * @param minCosine those below are left out; TextFooler takes 0.5, -1 keeps all
   * @return the source
   */
  public WordSubstitutions nearest(int count, double minCosine) {
    BoundedCache<String, List<Substitute>> cache = new BoundedCache<>(1 << 16);
    return word -> cache.get(word.toLowerCase(Locale.ROOT), w -> nearest(w, count, minCosine));
  }

  private List<Substitute> nearest(String word, int count, double minCosine) {
    Integer self = index(word);
    if (self == null) {
      return List.of();
    }
    Nearest best = new Nearest(count);
    float[] cosines = new float[BLOCK];
    for (int b = 0; b < blocks.size(); b++) {
      cosines(self, blocks.get(b), cosines);
      int filled = Math.min(BLOCK, words.size() - b * BLOCK);
      for (int i = 0; i < filled; i++) {
        int index = b * BLOCK + i;
        if (index != self && cosines[i] >= minCosine) {
          best.offer(index, cosines[i]);
        }
      }
    }
    List<Substitute> result = new ArrayList<>();
    for (int i = 0; i < best.size; i++) {
      result.add(new Substitute(words.get(best.indices[i]), Math.clamp(best.scores[i], -1f, 1f)));
    }
    return List.copyOf(result);
  }

  private void cosines(int self, float[] block, float[] out) {
    Arrays.fill(out, 0);
    for (int d = 0; d < dimension; d++) {
      float x = at(self, d);
      int row = d * BLOCK;
      for (int i = 0; i < BLOCK; i++) {
        out[i] += x * block[row + i];
      }
    }
  }

  private float at(int index, int d) {
    return blocks.get(index / BLOCK)[d * BLOCK + index % BLOCK];
  }

  private @Nullable Integer index(String word) {
    Integer exact = indices.get(word);
    return exact != null ? exact : indices.get(word.toLowerCase(Locale.ROOT));
  }

  /** The highest scores seen, highest first; of equal ones the earlier offered. */
  private static final class Nearest {
    final int[] indices;
    final float[] scores;
    int size;

    Nearest(int count) {
      indices = new int[count];
      scores = new float[count];
    }

    void offer(int index, float score) {
      if (size == indices.length && (size == 0 || score <= scores[size - 1])) {
        return;
      }
      int at = size < indices.length ? size++ : size - 1;
      for (; at > 0 && scores[at - 1] < score; at--) {
        scores[at] = scores[at - 1];
        indices[at] = indices[at - 1];
      }
      scores[at] = score;
      indices[at] = index;
    }
  }
}
