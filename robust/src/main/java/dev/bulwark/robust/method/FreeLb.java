package dev.bulwark.robust.method;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * FreeLB (Zhu et al., "FreeLB: Enhanced adversarial training for natural language understanding",
 * ICLR 2020, algorithm 1): K passes with a perturbation that climbs the loss between them; the
 * parameter gradients of all passes are averaged.
 *
 * <p>As in the authors' code, each pass draws its own dropout and the last pass does not climb.
 *
 * @param steps K, at least 1
 * @param ball where the perturbation lives
 */
public record FreeLb(int steps, Ball ball) implements Objective {
  static final Method METHOD =
      new Method(
          "freelb",
          "Averages the gradients of K passes while a perturbation climbs the loss.",
          "Zhu et al., ICLR 2020, algorithm 1",
          BallOptions.of(3, 0.1, 0.1, 0),
          s -> new FreeLb(s.whole("adv-steps"), BallOptions.ball(s)));

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
    Tensor first = step.model().encoder().embed(step.batch().tokens()).value();
    Tensor start =
        ball.start(step.batch().tokens(), first.dim(-1), first.dtype(), step.rng("delta"));
    return gradients(step, start, Watcher.NONE);
  }

  /** Sees each pass: its perturbation, the gradient there [B, S, H], and its cross-entropy. */
  interface Watcher {
    Watcher NONE = (delta, gradient, crossEntropy) -> {};

    void pass(Tensor delta, Tensor gradient, double crossEntropy);
  }

  /** The same from a perturbation of the caller's choice. */
  Result gradients(Step step, Tensor start, Watcher watcher) {
    Tensor delta = start;
    @Nullable Gradients sum = null;
    double loss = 0;
    for (int k = 0; k < steps; k++) {
      Variable perturbation = Variable.leaf("delta", delta);
      Variable words = step.model().encoder().embed(step.batch().tokens());
      Variable ce = step.crossEntropy(step.logits(words.plus(perturbation), k));
      double value = ce.value().item();
      loss += value / steps;
      Gradients g = ce.times(1.0 / steps).backward();
      sum = sum == null ? g : sum.plus(g);
      watcher.pass(delta, g.get(perturbation), value);
      if (k < steps - 1) {
        delta = ball.ascend(delta, g.get(perturbation));
      }
    }
    return new Result(Objects.requireNonNull(sum), loss, Map.of());
  }
}
