package dev.bulwark.robust.lexicon;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import opennlp.tools.postag.POSModel;
import opennlp.tools.postag.POSTaggerME;

/**
 * Parts of speech in context, by the OpenNLP model for English on the class path (trained on the
 * Universal Dependencies treebank EWT).
 *
 * <p>The attacks tag a word inside a short window of its neighbours; verdicts are cached by window.
 * OpenNLP's taggers keep state, so each call borrows one from a pool.
 */
public final class PosTagger {
  private static final int CACHE = 1 << 16;

  private record Window(List<String> words, int index) {}

  private final BlockingQueue<POSTaggerME> idle = new LinkedBlockingQueue<>();
  private final BoundedCache<Window, Pos> cache = new BoundedCache<>(CACHE);

  private PosTagger(POSModel model) {
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      idle.add(new POSTaggerME(model));
    }
  }

  /**
   * The tagger on the class path, loaded once.
   *
   * @return the English tagger
   */
  public static PosTagger bundled() {
    return Bundled.TAGGER;
  }

  /**
   * Tags a sentence.
   *
   * @param words its words
   * @return one part of speech per word
   */
  public List<Pos> tag(List<String> words) {
    if (words.isEmpty()) {
      return List.of();
    }
    String[] tags = borrowAndTag(words.toArray(String[]::new));
    List<Pos> parts = new ArrayList<>(tags.length);
    for (String tag : tags) {
      parts.add(Pos.ofUd(tag));
    }
    return parts;
  }

  /**
   * Tags one word of a window; cached.
   *
   * @param window a few words around the one asked for
   * @param index which word of the window, also where the same word occurs several times
   * @return its part of speech
   */
  public Pos tagAt(List<String> window, int index) {
    return cache.get(new Window(List.copyOf(window), index), w -> tag(w.words()).get(w.index()));
  }

  private String[] borrowAndTag(String[] words) {
    POSTaggerME tagger;
    try {
      tagger = idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a part-of-speech tagger", e);
    }
    try {
      return tagger.tag(words);
    } finally {
      idle.add(tagger);
    }
  }

  private static final class Bundled {
    static final PosTagger TAGGER = load();

    /** The model's jar names its file in model.properties, so its version is free to change. */
    private static PosTagger load() {
      ClassLoader loader = PosTagger.class.getClassLoader();
      try (InputStream named = loader.getResourceAsStream("model.properties")) {
        Properties properties = new Properties();
        if (named != null) {
          properties.load(named);
        }
        String name = properties.getProperty("model.name", "opennlp-en-ud-ewt-pos-1.3-2.5.4.bin");
        try (InputStream model = loader.getResourceAsStream(name)) {
          if (model == null) {
            throw new IllegalStateException(
                name
                    + " is missing from the class path; add org.apache.opennlp:opennlp-models-pos-en");
          }
          return new PosTagger(new POSModel(model));
        }
      } catch (IOException e) {
        throw new IllegalStateException("the part-of-speech model cannot be read", e);
      }
    }
  }
}
