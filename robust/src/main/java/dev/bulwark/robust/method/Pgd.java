package dev.bulwark.robust.method;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Adversarial training on word vectors: the clean loss plus the loss at a perturbation that climbed
 * for some steps (Madry et al. 2018). One step from zero is FGM (Miyato et al. 2017), which needs
 * no pass of its own: the clean pass gives the direction.
 *
 * @param steps ascent steps, at least 1
 * @param ball where the perturbation lives
 */
public record Pgd(int steps, Ball ball) implements Objective {
  static final Method METHOD =
      new Method(
          "pgd",
          "Adds the loss at a perturbation that climbed for some steps.",
          "Madry et al., ICLR 2018",
          BallOptions.of(3, 0.1, 0.1, 0),
          s -> new Pgd(s.whole("adv-steps"), BallOptions.ball(s)));

  static final Method FGM =
      new Method(
          "fgm",
          "Adds the loss one gradient step away.",
          "Miyato, Dai and Goodfellow, ICLR 2017",
          List.of(new Option("adv-lr", 1.0, "Euclidean length of the step of an example")),
          s -> new Pgd(1, new Ball(Ball.Norm.L2, 0, s.magnitude("adv-lr"), 0)));

  /**
   * Checks the number of steps.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Pgd {
    if (steps < 1) {
      throw new IllegalArgumentException("PGD needs adv-steps of at least 1, not " + steps);
    }
  }

  @Override
  public Result gradients(Step step) {
    Tensor words = step.model().encoder().embed(step.batch().tokens()).value();
    Tensor delta =
        ball.start(step.batch().tokens(), words.dim(-1), words.dtype(), step.rng("delta"));
    Pass clean = pass(step, delta.times(0), 0);
    boolean fromZero = ball.start() == 0;
    for (int k = 0; k < steps; k++) {
      Tensor direction = k == 0 && fromZero ? clean.direction : pass(step, delta, k + 1).direction;
      delta = ball.ascend(delta, direction);
    }
    Pass adversarial = pass(step, delta, steps + 1);
    return new Result(
        clean.gradients.plus(adversarial.gradients),
        clean.loss + adversarial.loss,
        Map.of("adversarial_loss", adversarial.loss));
  }

  private record Pass(double loss, Gradients gradients, Tensor direction) {}

  private static Pass pass(Step step, Tensor delta, int number) {
    Variable perturbation = Variable.leaf("delta", delta);
    Variable words = step.model().encoder().embed(step.batch().tokens());
    Variable loss = step.crossEntropy(step.logits(words.plus(perturbation), number));
    double value = loss.value().item();
    Gradients gradients = loss.backward();
    return new Pass(value, gradients, gradients.get(perturbation));
  }
}
