package dev.bulwark.robust.eval;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that was found out about one model.
 *
 * @param name short and unique in a report, for example "FreeLB"
 * @param description how it was trained, one line
 * @param clean metrics on the unattacked evaluation set
 * @param cleanRight which of its examples are classified rightly, in order
 * @param attacks what each attack did to it
 * @param training how its training went, or null if it was not trained here
 */
public record ModelResult(
    String name,
    String description,
    ClassificationMetrics clean,
    List<Boolean> cleanRight,
    List<AttackResult> attacks,
    @Nullable TrainingCurve training) {

  /** Freezes the lists. */
  public ModelResult {
    cleanRight = List.copyOf(cleanRight);
    attacks = List.copyOf(attacks);
  }

  /**
   * Measures a model's predictions.
   *
   * @param name short and unique in a report
   * @param description how it was trained, one line
   * @param classNames names of the classes, [C]
   * @param labels gold classes of the evaluation set, [N]
   * @param probabilities its predictions there, [N][C]
   * @param attacks what each attack did to it
   * @param training how its training went, or null
   * @return the result
   */
  public static ModelResult of(
      String name,
      String description,
      List<String> classNames,
      int[] labels,
      float[][] probabilities,
      List<AttackResult> attacks,
      @Nullable TrainingCurve training) {
    ClassificationMetrics clean = ClassificationMetrics.of(classNames, labels, probabilities);
    List<Boolean> right = new ArrayList<>();
    for (int n = 0; n < labels.length; n++) {
      right.add(ClassificationMetrics.argmax(probabilities[n]) == labels[n]);
    }
    return new ModelResult(name, description, clean, right, attacks, training);
  }

  /** The result of the attack of that name, or null. */
  @Nullable AttackResult attack(String attack) {
    return attacks.stream().filter(a -> a.attack().equals(attack)).findFirst().orElse(null);
  }

  boolean[] right() {
    boolean[] right = new boolean[cleanRight.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = cleanRight.get(i);
    }
    return right;
  }
}
