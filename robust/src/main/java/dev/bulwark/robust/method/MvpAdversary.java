package dev.bulwark.robust.method;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import dev.bulwark.tensor.backend.Unary;
import java.util.List;

/**
 * The attack of MVP+Adv (Raman et al., EMNLP 2023): a perturbation of a row's word vectors starts
 * at random, climbs the loss without dropout, and stays in a ball round zero. Norms are taken over
 * all positions and features of a row, padding included.
 *
 * @param norm of the ball
 * @param epsilon its radius, above 0
 * @param steps of the climb, at least 1
 * @param alpha length of a step; 0 means 1.5 * epsilon / steps
 * @param noise what an L2 start is drawn from
 */
public record MvpAdversary(Norm norm, double epsilon, int steps, double alpha, Noise noise) {
  /** How a perturbation is measured. */
  public enum Norm {
    /** Euclidean. */
    L2,
    /** Largest absolute value. */
    LINF
  }

  /** Distribution of an L2 start before it is scaled to length epsilon. */
  public enum Noise {
    /** 2u - 1 for u uniform in [0, 1). */
    SYMMETRIC,
    /** u * (2u - 1), whose mean is not 0, as in the released code. */
    RELEASED
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one makes no attack
   */
  public MvpAdversary {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException(
          "epsilon must be above 0, not " + epsilon + "; adversarial=none trains without attack");
    }
    if (steps < 1) {
      throw new IllegalArgumentException("adv-steps must be at least 1, not " + steps);
    }
    if (!(alpha >= 0)) {
      throw new IllegalArgumentException("adv-alpha must not be negative, but is " + alpha);
    }
  }

  /** Sees each step of a climb. */
  @FunctionalInterface
  public interface Watcher {
    /** Called with a step's number, the loss and gradient there, and where it led. */
    void step(int number, double loss, Tensor gradient, Tensor delta);
  }

  /**
   * Where a climb ended.
   *
   * @param delta the perturbation [R, S, H]
   * @param leaked sum of the parameter gradients of its passes; none unless asked for
   */
  public record Climb(Tensor delta, Gradients leaked) {}

  /**
   * A random start.
   *
   * @param step gives the draw "start": uniform in [0, 1) for L2, in the ball for LINF
   * @return [R, S, H]
   */
  public Tensor start(Step step) {
    Tensor like = step.words().value();
    Shape shape = like.shape();
    if (norm == Norm.LINF) {
      return step.draws().uniform("start", shape, like.dtype(), -epsilon, epsilon);
    }
    Tensor u = step.draws().uniform("start", shape, like.dtype(), 0, 1);
    Tensor centred = u.affine(2, -1);
    return ball(epsilon)
        .ascend(
            Tensor.zeros(shape, like.dtype()),
            noise == Noise.RELEASED ? u.times(centred) : centred);
  }

  /**
   * Climbs the loss.
   *
   * @param step the batch and the model
   * @param start where to start
   * @param leaks whether to keep the parameter gradients of the passes
   * @param watcher sees each step
   * @return the end
   */
  public Climb climb(Step step, Tensor start, boolean leaks, Watcher watcher) {
    Tensor delta = start;
    Gradients leaked = Gradients.none();
    for (int k = 0; k < steps; k++) {
      Variable at = Variable.leaf("delta", delta);
      Variable loss = loss(step, at);
      double value = loss.item();
      Gradients g = leaks ? loss.backward() : loss.backward(Release.AS_CONSUMED, List.of(at));
      if (leaks) {
        leaked = leaked.plus(g.without(at));
      }
      delta = next(delta, g.get(at));
      watcher.step(k, value, g.get(at), delta);
    }
    return new Climb(delta, leaked);
  }

  /** Cross-entropy at a perturbation of constant word vectors, without dropout. */
  private static Variable loss(Step step, Variable delta) {
    Context trained = step.context();
    Context quiet = new Context(false, trained.rng(), trained.padding(), trained.hook());
    Variable words = step.words().detach().plus(delta);
    return step.crossEntropy(
        step.model()
            .logits(
                quiet,
                step.model().encoder().encode(quiet, words, step.batch().tokens()),
                step.batch().focus()));
  }

  private Tensor next(Tensor delta, Tensor gradient) {
    double length = alpha > 0 ? alpha : 1.5 * epsilon / steps;
    return switch (norm) {
      case L2 -> ball(length).ascend(delta, gradient);
      case LINF ->
          Tensors.clamp(delta.plus(gradient.map(Unary.SIGN).times(length)), -epsilon, epsilon);
    };
  }

  private Ball ball(double stepLength) {
    return new Ball(Ball.Norm.L2, 0, stepLength, epsilon);
  }

  /**
   * Trains on the perturbed batch; there is no clean loss beside it.
   *
   * @param leaks whether the optimiser also sees the parameter gradients of the climb, as in the
   *     released code
   * @return the objective
   */
  Objective objective(boolean leaks) {
    return new Objective() {
      @Override
      public Result gradients(Step step) {
        Climb climb = climb(step, start(step), leaks, (k, loss, gradient, delta) -> {});
        Pass.Outcome pass = step.pass(climb.delta(), 0, 1, 0);
        return new Result(pass.gradients().plus(climb.leaked()), pass.loss(), pass.readings());
      }

      @Override
      public boolean takesTerms() {
        return true;
      }
    };
  }
}
