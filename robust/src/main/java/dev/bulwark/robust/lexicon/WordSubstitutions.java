package dev.bulwark.robust.lexicon;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A source of substitutes for words. Implementations are pure and safe to share between threads.
 */
@FunctionalInterface
public interface WordSubstitutions {
  /**
   * Substitutes of a word, the best first.
   *
   * @param word one word, in any case; sources look it up in lower case
   * @return the substitutes, without the word itself; empty when the word is unknown
   */
  List<Substitute> of(String word);

  /**
   * The substitutes of this source, then those of another that this one lacks (compared in lower
   * case).
   *
   * @param other asked second
   * @return the union
   */
  default WordSubstitutions then(WordSubstitutions other) {
    return word -> {
      List<Substitute> union = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      for (WordSubstitutions source : List.of(this, other)) {
        for (Substitute s : source.of(word)) {
          if (seen.add(s.word().toLowerCase(Locale.ROOT))) {
            union.add(s);
          }
        }
      }
      return union;
    };
  }
}
