package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ascent;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
          s -> Recipe.of(new Pgd(s.whole("adv-steps"), BallOptions.ball(s))));

  static final Method FGM =
      new Method(
          "fgm",
          "Adds the loss one gradient step away.",
          "Miyato, Dai and Goodfellow, ICLR 2017",
          List.of(Option.number("adv-lr", 1.0, "Euclidean length of the step of an example")),
          s -> Recipe.of(new Pgd(1, new Ball(Ball.Norm.L2, 0, s.magnitude("adv-lr"), 0))));

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
    Tensor zeros = step.zeros();
    Tensor delta = ball.start(step.batch().tokens(), zeros.dim(-1), zeros.dtype(), step.draws());
    Pass.Outcome clean = step.pass(zeros, 0, 1, 0);
    boolean fromZero = ball.start() == 0;
    for (int k = 0; k < steps; k++) {
      Tensor direction = k == 0 && fromZero ? clean.wordGradient() : direction(step, delta, k + 1);
      delta = ball.ascend(delta, direction);
    }
    Pass.Outcome adversarial = step.pass(delta, 1, 1, steps + 1);
    Map<String, Double> readings = new TreeMap<>(clean.readings());
    readings.put("adversarial_loss", adversarial.loss());
    return new Result(
        clean.gradients().accumulate(adversarial.gradients()),
        clean.loss() + adversarial.loss(),
        readings);
  }

  /** Gradient of the cross-entropy with respect to the perturbation alone. */
  private static Tensor direction(Step step, Tensor delta, int number) {
    return Ascent.gradient(
        delta, d -> step.crossEntropy(step.logits(step.words().detach().plus(d), number)));
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
      return List.of(METHOD, FGM);
    }
  }
}
