package dev.bulwark.robust.objective.information;

import dev.bulwark.autograd.Variable;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.tensor.Tensor;
import java.util.Optional;
import java.util.function.Function;

/**
 * InfoBERT's information bottleneck with a learnt estimator, which takes one Adam step in every
 * pass before it is used ({@link GaussianClub}).
 *
 * @param weight beta, 0 or more
 * @param estimator of the conditional
 * @param x conditions of a pass [N, X]
 * @param y features of a pass [N, Y]
 * @param leak whether the estimator's own gradient also reaches the model, as in the released code
 */
public record GaussianUpperBound(
    double weight,
    GaussianClub estimator,
    Function<Pass, Variable> x,
    Function<Pass, Variable> y,
    boolean leak)
    implements PassTerm {
  @Override
  public String name() {
    return "upper_bound";
  }

  @Override
  public Optional<Variable> inLoss(Pass pass) {
    Variable condition = x.apply(pass);
    Variable feature = y.apply(pass);
    int[] partners = UpperBound.partners(pass, feature.dim(0));
    GaussianClub.Fit fit = estimator.fit(condition.value(), feature.value());
    Variable bound = estimator.sampled(condition, feature, partners).times(weight / pass.of());
    return Optional.of(
        leak
            ? bound.plus(gradientOnly(condition, fit.x())).plus(gradientOnly(feature, fit.y()))
            : bound);
  }

  /** A scalar of value 0 whose gradient is given. */
  private static Variable gradientOnly(Variable x, Tensor gradient) {
    return x.minus(x.detach()).times(Variable.constant(gradient)).sum();
  }
}
