package dev.bulwark.robust.attack;

import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** Says how much each word matters to the victim, to decide which to change first. */
@FunctionalInterface
public interface Importance {
  /** What a masked word reads like to BERT-type victims. */
  String UNKNOWN = "[UNK]";

  /**
   * Rates words of the unchanged text.
   *
   * @param space pays for and scores probes
   * @param clean the unchanged text
   * @param positions numbers of the words to rate
   * @return one number per position, higher for words to be changed earlier; negative infinity for
   *     those the budget did not reach
   */
  double[] of(SearchSpace space, Scored clean, List<Integer> positions);

  /** {@return importance as the score of the text without the word} */
  static Importance deletion() {
    return probing((text, index) -> text.replace(index, ""));
  }

  /** {@return importance as the score of the text with the word masked} */
  static Importance masking() {
    return probing((text, index) -> text.replace(index, UNKNOWN));
  }

  /** {@return a random order, the control for the others} */
  static Importance random() {
    return (space, clean, positions) -> {
      Rng rng = space.rng().split("importance");
      double[] scores = new double[positions.size()];
      Arrays.setAll(scores, i -> rng.uniform(i));
      return scores;
    };
  }

  /**
   * Importance as the score of a text in which the word is changed.
   *
   * @param probe makes the changed text from the clean one and a word's number
   * @return the rating
   */
  static Importance probing(BiFunction<AttackedText, Integer, AttackedText> probe) {
    return (space, clean, positions) -> {
      List<AttackedText> probes = new ArrayList<>(positions.size());
      positions.forEach(i -> probes.add(probe.apply(clean.text(), i)));
      List<Scored> scored = space.score(probes);
      double[] scores = new double[positions.size()];
      Arrays.setAll(
          scores, i -> i < scored.size() ? scored.get(i).score() : Double.NEGATIVE_INFINITY);
      return scores;
    };
  }
}
