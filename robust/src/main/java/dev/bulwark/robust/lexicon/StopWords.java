package dev.bulwark.robust.lexicon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Words that attacks leave alone. */
public final class StopWords {
  private static final String TEXTFOOLER = "stopwords-textfooler.txt";

  private final Set<String> words;
  private final boolean ignoreCase;

  private StopWords(Set<String> words, boolean ignoreCase) {
    this.words = words;
    this.ignoreCase = ignoreCase;
  }

  /**
   * A list of stop words, matched exactly.
   *
   * @param words the words
   * @return the list
   */
  public static StopWords of(Collection<String> words) {
    return new StopWords(Set.copyOf(words), false);
  }

  /**
   * The 266 words that the TextFooler attack never changes.
   *
   * @return the bundled list, matched exactly
   */
  public static StopWords textFooler() {
    try (InputStream in = StopWords.class.getResourceAsStream(TEXTFOOLER)) {
      if (in == null) {
        throw new IllegalStateException(TEXTFOOLER + " is missing from the class path");
      }
      return lines(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException(TEXTFOOLER + " cannot be read from the class path", e);
    }
  }

  /**
   * Reads a list, one word a line; blank lines are skipped.
   *
   * @param file a UTF-8 text file
   * @return the list, matched exactly
   * @throws IOException when the file cannot be read or is not UTF-8
   */
  public static StopWords read(Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      return lines(in);
    }
  }

  private static StopWords lines(BufferedReader in) throws IOException {
    Set<String> words = new LinkedHashSet<>();
    for (String line; (line = in.readLine()) != null; ) {
      if (!line.isBlank()) {
        words.add(line.strip());
      }
    }
    return of(words);
  }

  /**
   * The same words, matched in any case, so that a sentence's first word is covered too.
   *
   * @return a list that ignores case
   */
  public StopWords ignoringCase() {
    Set<String> lower = new LinkedHashSet<>();
    words.forEach(w -> lower.add(w.toLowerCase(Locale.ROOT)));
    return new StopWords(Set.copyOf(lower), true);
  }

  /**
   * Whether a word is on the list.
   *
   * @param word one word
   * @return true when attacks must not change it
   */
  public boolean contains(String word) {
    return words.contains(ignoreCase ? word.toLowerCase(Locale.ROOT) : word);
  }

  /** {@return the number of words} */
  public int size() {
    return words.size();
  }
}
