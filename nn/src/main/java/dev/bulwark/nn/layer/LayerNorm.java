package dev.bulwark.nn.layer;

import dev.bulwark.autograd.ModulePath;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Normalisation;
import dev.bulwark.nn.Init;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;

/** Layer normalisation over the last axis. */
public final class LayerNorm extends Module {
  private final String path;
  private final Parameter weight;
  private final Parameter bias;
  private final double epsilon;

  /**
   * Takes "weight" and "bias" [size] from a source.
   *
   * @param source where they come from
   * @param size size of the last axis
   * @param epsilon added to the variance
   */
  public LayerNorm(Source source, int size, double epsilon) {
    path = source.path();
    weight = own(source.parameter("weight", Init.ONES, size));
    bias = own(source.parameter("bias", Init.ZEROS, size));
    this.epsilon = epsilon;
  }

  /**
   * Applies the layer.
   *
   * @param x [..., size]
   * @return the same shape
   */
  public Variable forward(Variable x) {
    return ModulePath.within(
        path, () -> Normalisation.layerNorm(x, weight.variable(), bias.variable(), epsilon));
  }
}
