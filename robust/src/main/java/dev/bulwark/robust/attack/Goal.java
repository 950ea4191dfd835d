package dev.bulwark.robust.attack;

/** What an attack is after. Implementations are pure. */
@FunctionalInterface
public interface Goal {
  /**
   * Judges one text by the victim's answer.
   *
   * @param text the text
   * @param probabilities the victim's answer, [classes]
   * @param label the gold class
   * @return how near the goal is
   */
  Verdict judge(AttackedText text, float[] probabilities, int label);

  /**
   * How near a text is to the goal.
   *
   * @param score what searches climb, higher is nearer
   * @param reached whether the victim is fooled
   */
  record Verdict(double score, boolean reached) {}

  /**
   * {@return the goal of any wrong prediction: score 1 - p(gold), reached when argmax is not gold}
   */
  static Goal untargeted() {
    return (text, p, label) -> new Verdict(1.0 - p[label], argmax(p) != label);
  }

  /**
   * The predicted class.
   *
   * @param probabilities one answer of the victim, [classes]
   * @return the first class of highest probability
   */
  static int argmax(float[] probabilities) {
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      if (probabilities[c] > probabilities[best]) {
        best = c;
      }
    }
    return best;
  }
}
