package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Gradients;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * FreeLB (Zhu et al., "FreeLB: Enhanced adversarial training for natural language understanding",
 * ICLR 2020, algorithm 1): K passes with a perturbation that climbs the loss between them; the
 * parameter gradients of all passes are averaged.
 *
 * <p>As in the authors' code, the last pass does not climb.
 *
 * @param steps K, at least 1
 * @param ball where the perturbation lives
 * @param sharedDropout whether all passes drop the same units (InfoBERT) or each its own (FreeLB)
 */
public record FreeLb(int steps, Ball ball, boolean sharedDropout) implements Objective {
  static final Method METHOD =
      new Method(
          "freelb",
          "Averages the gradients of K passes while a perturbation climbs the loss.",
          "Zhu et al., ICLR 2020, algorithm 1",
          BallOptions.of(3, 0.1, 0.1, 0),
          s -> Recipe.of(new FreeLb(s.whole("adv-steps"), BallOptions.ball(s), false)));

  /**
   * Checks K.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public FreeLb {
    if (steps < 1) {
      throw new IllegalArgumentException("FreeLB needs adv-steps of at least 1, not " + steps);
    }
  }

  @Override
  public Result gradients(Step step) {
    return gradients(step, start(step), Watcher.NONE);
  }

  /**
   * The perturbation of the first pass.
   *
   * @param step the batch, the model and the draws
   * @return [R, S, H]
   */
  public Tensor start(Step step) {
    Tensor zeros = step.zeros();
    return ball.start(step.batch().tokens(), zeros.dim(-1), zeros.dtype(), step.draws());
  }

  /**
   * Sees each pass: its perturbation and what it gave, whose gradients are added up in place after.
   */
  public interface Watcher {
    /** Looks away. */
    Watcher NONE = (delta, pass) -> {};

    /** Called after each pass. */
    void pass(Tensor delta, Pass.Outcome pass);
  }

  /**
   * The same from a perturbation of the caller's choice.
   *
   * @param step the batch and the model
   * @param start perturbation of the word vectors [R, S, H]
   * @param watcher sees each pass
   * @return averaged gradients
   */
  public Result gradients(Step step, Tensor start, Watcher watcher) {
    Tensor delta = start;
    Gradients sum = Gradients.none();
    double loss = 0;
    Map<String, Double> readings = new TreeMap<>();
    for (int k = 0; k < steps; k++) {
      Pass.Outcome pass = step.pass(delta, k, steps, sharedDropout ? 0 : k);
      sum = k == 0 ? pass.gradients() : sum.accumulate(pass.gradients());
      loss += pass.loss();
      pass.readings().forEach((name, value) -> readings.merge(name, value, Double::sum));
      watcher.pass(delta, pass);
      if (k < steps - 1) {
        delta = ball.ascend(delta, pass.wordGradient());
      }
    }
    return new Result(sum, loss, readings);
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
