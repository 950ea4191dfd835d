package dev.bulwark.robust.method;

import dev.bulwark.robust.objective.Term;
import java.util.List;

/** Plain fine-tuning: mean cross-entropy of the clean batch. */
final class Standard {
  static final Method METHOD =
      new Method(
          "standard",
          "Plain fine-tuning with cross-entropy.",
          "Devlin et al. 2019, section 4",
          List.of(),
          settings -> {
            Term term = step -> step.crossEntropy(step.cleanLogits());
            return term.asObjective();
          });

  private Standard() {}
}
