package dev.bulwark.robust.train;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Tuning;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.objective.Term;

/** All parts of a method put together: objective, terms, what is wrapped round, the filter. */
final class StepObjective implements Objective {
  private final Tuning tuning;
  private final Objective wrapped;

  StepObjective(Tuning tuning) {
    this.tuning = tuning;
    Objective base = tuning.objective().orElseGet(Methods::plain);
    wrapped = tuning.wrap(step -> withTerms(base.gradients(step), step));
  }

  private Result withTerms(Result result, Step step) {
    Result sum = result;
    for (Term term : tuning.terms()) {
      Variable value = term.of(step);
      double number = value.item();
      Gradients more = value.backward();
      sum = new Result(sum.gradients().accumulate(more), sum.loss() + number, sum.readings());
    }
    return sum;
  }

  @Override
  public Result gradients(Step step) {
    Result r = wrapped.gradients(step);
    return new Result(tuning.filter(r.gradients(), step), r.loss(), r.readings());
  }
}
