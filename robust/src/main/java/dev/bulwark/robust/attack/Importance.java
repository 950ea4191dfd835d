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

  /**
   * Importance as in equation 2 of the TextFooler paper and its code: the fall of p(gold) when the
   * word is masked, plus the rise of the new class where the prediction flips. Every word of the
   * last column is paid for, also those not to be rated, as the code probes them all.
   *
   * @return the rating
   */
  static Importance maskingAndFlip() {
    return (space, clean, positions) -> {
      AttackedText text = clean.text();
      int words = text.size() == 0 ? 0 : text.size(text.size() - 1, Extent.COLUMN);
      space.charge(Math.max(0, words - positions.size()));
      List<Scored> probes =
          space.score(positions.stream().map(i -> text.replace(i, UNKNOWN)).toList());
      double[] scores = new double[positions.size()];
      Arrays.fill(scores, Double.NEGATIVE_INFINITY);
      float[] before = clean.probabilities();
      for (int i = 0; i < probes.size(); i++) {
        float[] after = probes.get(i).probabilities();
        int predicted = Goal.argmax(after);
        scores[i] = before[space.label()] - after[space.label()];
        if (predicted != space.label()) {
          scores[i] += after[predicted] - before[predicted];
        }
      }
      return scores;
    };
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
