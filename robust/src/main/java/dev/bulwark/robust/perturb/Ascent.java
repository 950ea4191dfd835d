package dev.bulwark.robust.perturb;

import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** The direction in which a perturbation climbs; work for parameter gradients is skipped. */
public final class Ascent {
  private Ascent() {}

  /**
   * Gradient of a loss with respect to a perturbation alone.
   *
   * @param delta the perturbation
   * @param loss scalar loss of the perturbation
   * @return of delta's shape
   */
  public static Tensor gradient(Tensor delta, UnaryOperator<Variable> loss) {
    Variable leaf = Variable.leaf("delta", delta);
    return loss.apply(leaf).backward(Release.AS_CONSUMED, List.of(leaf)).get(leaf);
  }
}
