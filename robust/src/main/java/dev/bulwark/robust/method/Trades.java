package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ascent;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * TRADES on word vectors (Zhang et al., "Theoretically principled trade-off between robustness and
 * accuracy", ICML 2019, algorithm 1): beside the clean cross-entropy, beta times the divergence
 * KL(clean, adversarial), where the adversarial point climbs that divergence for K steps.
 *
 * <p>The algorithm is for images; here the perturbation moves word vectors within a {@link Ball}
 * round each example. As published, it starts at a small random point, since the divergence has no
 * slope at the clean one, and climbs without dropout.
 *
 * @param steps K, at least 1
 * @param ball where the perturbation lives; its start must not be 0
 * @param beta weight of the divergence, at least 0
 * @param bothSides whether the clean prediction is trained too, or stands as a target
 */
public record Trades(int steps, Ball ball, double beta, boolean bothSides) implements PassTerm {
  static final Method METHOD =
      new Method(
          "trades",
          "Adds the divergence of the prediction at a point that climbed away from the clean one.",
          "Zhang et al., ICML 2019, algorithm 1",
          Stream.concat(
                  BallOptions.of(3, 0.05, 0.1, 0.3).stream(),
                  Stream.of(
                      Option.number("beta", 1, "weight of the divergence (the paper: 1 and 6)"),
                      Option.flag(
                          "both-sides", true, "trains the clean side of the divergence too")))
              .toList(),
          Trades::recipe);

  private static Recipe recipe(Settings s) {
    Trades trades =
        new Trades(
            s.atLeast(1, "adv-steps"),
            BallOptions.ball(s),
            s.magnitude("beta"),
            s.flag("both-sides"));
    Tuning tuning =
        new Tuning() {
          @Override
          public List<PassTerm> passTerms() {
            return List.of(trades);
          }
        };
    return Recipe.tuned(setup -> tuning);
  }

  /**
   * Checks the start.
   *
   * @throws IllegalArgumentException if it is 0, or a number is out of range
   */
  public Trades {
    if (steps < 1 || !(beta >= 0)) {
      throw new IllegalArgumentException(
          "TRADES needs adv-steps of at least 1 and beta of at least 0, not %d and %s"
              .formatted(steps, beta));
    }
    if (ball.start() == 0) {
      throw new IllegalArgumentException(
          "TRADES needs adv-init-mag above 0: at the clean point the divergence has no slope");
    }
  }

  @Override
  public String name() {
    return "trades";
  }

  @Override
  public Optional<Variable> inLoss(Pass pass) {
    Step step = pass.step();
    Variable delta = Variable.constant(adversarial(step));
    Variable there = step.logits(step.words().plus(delta), pass.of());
    Variable clean = bothSides ? pass.logits() : pass.logits().detach();
    return Optional.of(Losses.klDivergence(clean, there).times(beta / pass.of()));
  }

  /** The perturbation after K steps up the divergence from the prediction without dropout. */
  private Tensor adversarial(Step step) {
    Context still = step.context().named("trades").evaluating();
    Variable words = step.words().detach();
    Variable clean = logits(step, words, still).detach();
    Tensor delta =
        ball.start(step.batch().tokens(), words.dim(-1), words.value().dtype(), step.draws());
    for (int k = 0; k < steps; k++) {
      Tensor slope =
          Ascent.gradient(
              delta, d -> Losses.klDivergence(clean, logits(step, words.plus(d), still)));
      delta = ball.ascend(delta, slope);
    }
    return delta;
  }

  private static Variable logits(Step step, Variable words, Context context) {
    Encoded encoded = step.model().encoder().encode(context, words, step.batch().tokens());
    return step.model().logits(context, encoded, step.batch().focus());
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
