package dev.bulwark.robust.objective.information;

import dev.bulwark.autograd.Variable;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import java.util.Optional;
import java.util.function.Function;

/**
 * InfoBERT's information bottleneck without an estimator: half the mean squared distance of random
 * pairs of features ({@link Club}).
 *
 * @param weight beta, 0 or more
 * @param features of a pass [N, D]
 * @param allPairs whether to take the mean over all pairs, for reports, instead of one partner each
 */
public record UpperBound(double weight, Function<Pass, Variable> features, boolean allPairs)
    implements PassTerm {
  @Override
  public String name() {
    return "upper_bound";
  }

  @Override
  public Optional<Variable> inLoss(Pass pass) {
    Variable y = features.apply(pass);
    Variable bound = allPairs ? Club.full(y) : Club.sampled(y, partners(pass, y.dim(0)));
    return Optional.of(bound.times(weight / pass.of()));
  }

  /** A random partner for each of n features of a pass, with replacement. */
  static int[] partners(Pass pass, int n) {
    return pass.step().draws().below("club_index." + pass.number(), n, n);
  }
}
