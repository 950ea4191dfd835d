package dev.bulwark.robust.lexicon;

import java.util.List;

/** Maps texts to vectors whose cosine says how close their meanings are. */
@FunctionalInterface
public interface SentenceEncoder {
  /**
   * Embeds texts. The vector of a text does not depend on the other texts of the call.
   *
   * @param texts any number of texts, also none
   * @return one vector of length 1 (L2 norm) per text, in order, [texts, dimension]
   */
  float[][] encode(List<String> texts);
}
