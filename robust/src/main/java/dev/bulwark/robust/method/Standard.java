package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.Step;
import java.util.List;

/** Plain fine-tuning: mean cross-entropy of the clean batch. */
final class Standard implements Objective {
  static final Method METHOD =
      new Method(
          "standard",
          "Plain fine-tuning with cross-entropy.",
          "Devlin et al. 2019, section 4",
          List.of(),
          settings -> Recipe.of(new Standard()));

  @Override
  public Result gradients(Step step) {
    Pass.Outcome pass = step.cleanPass();
    return new Result(pass.gradients(), pass.loss(), pass.readings());
  }

  @Override
  public boolean takesTerms() {
    return true;
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(METHOD);
    }
  }
}
