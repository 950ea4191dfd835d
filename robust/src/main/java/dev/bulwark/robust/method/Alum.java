package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ascent;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.List;
import java.util.Optional;

/**
 * Virtual adversarial training in the manner of ALUM (Liu et al., "Adversarial training for large
 * neural language models", 2020, algorithm 1): from small normal noise on the word vectors, K steps
 * up the divergence from the clean prediction; alpha times the symmetric divergence between both
 * predictions is added to the loss. Labels are not used, hence "virtual".
 *
 * <p>Follows the published algorithm as generally known, not its code: after each step every
 * token's perturbation is scaled so that its largest absolute value is the radius. Published radii
 * lie far apart, so the default is this project's own: about the size of a BERT word vector's
 * numbers. With the published start and step the gradient outweighs the start only because both
 * predictions have dropout of their own; without dropout, raise the step.
 *
 * @param steps K, at least 1
 * @param sigma standard deviation of the start
 * @param rate length of a step along the gradient, before scaling
 * @param radius largest absolute value of each token's perturbation
 * @param alpha weight of the divergence
 */
public record Alum(int steps, double sigma, double rate, double radius, double alpha)
    implements PassTerm {
  private static final double TINY = 1e-6; // keeps a token without gradient finite

  static final Method METHOD =
      new Method(
          "alum",
          "Adds the divergence of the prediction at a point found without labels.",
          "Liu et al. 2020, algorithm 1",
          List.of(
              Option.whole("adv-steps", 1, "steps up the divergence, 1 or more (published: 1)"),
              Option.number("noise-var", 1e-5, "standard deviation of the start (published)"),
              Option.number("adv-lr", 1e-3, "step along the gradient before scaling (published)"),
              Option.number("adv-max-norm", 0.05, "size of each token's perturbation"),
              Option.number("adv-alpha", 1, "weight of the divergence (published: 1 and 10)")),
          Alum::recipe);

  private static Recipe recipe(Settings s) {
    Alum alum =
        new Alum(
            s.atLeast(1, "adv-steps"),
            s.magnitude("noise-var"),
            s.magnitude("adv-lr"),
            s.magnitude("adv-max-norm"),
            s.magnitude("adv-alpha"));
    if (alum.sigma == 0) {
      throw new IllegalArgumentException(
          "noise-var must be above 0: at the clean point the divergence has no slope");
    }
    Tuning tuning =
        new Tuning() {
          @Override
          public List<PassTerm> passTerms() {
            return List.of(alum);
          }
        };
    return Recipe.tuned(setup -> tuning);
  }

  @Override
  public String name() {
    return "alum";
  }

  @Override
  public Optional<Variable> inLoss(Pass pass) {
    Step step = pass.step();
    Variable words = step.words().detach();
    Variable clean = pass.logits().detach();
    Tensor delta = step.draws().normal("alum", words.shape(), words.value().dtype()).times(sigma);
    for (int k = 0; k < steps; k++) {
      int number = pass.of() + k;
      Tensor slope =
          Ascent.gradient(
              delta, d -> Losses.klDivergence(clean, step.logits(words.plus(d), number)));
      delta = scaled(delta.plus(slope.times(rate)));
    }
    Variable there = step.logits(step.words().plus(Variable.constant(delta)), pass.of() + steps);
    return Optional.of(Losses.symmetricKl(pass.logits(), there).times(alpha / pass.of()));
  }

  /** Each token's perturbation with the radius as its largest absolute value. */
  private Tensor scaled(Tensor delta) {
    Tensor largest = delta.map(Unary.ABS).reduce(Reduce.MAX, 2);
    return delta.div(largest.plus(TINY)).times(radius);
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
