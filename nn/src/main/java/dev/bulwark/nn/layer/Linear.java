package dev.bulwark.nn.layer;

import dev.bulwark.autograd.ModulePath;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.nn.Init;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;

/** y = x Wᵀ + b. */
public final class Linear extends Module {
  private final String path;
  private final Parameter weight;
  private final Parameter bias;

  /**
   * Takes "weight" [out, in] and "bias" [out] from a source.
   *
   * @param source where they come from
   * @param in size of the input's last axis
   * @param out size of the result's last axis
   */
  public Linear(Source source, int in, int out) {
    path = source.path();
    weight = own(source.parameter("weight", Init.normal(0.02), out, in));
    bias = own(source.parameter("bias", Init.ZEROS, out));
  }

  /**
   * Applies the layer.
   *
   * @param x [..., in]
   * @return [..., out]
   */
  public Variable forward(Variable x) {
    return ModulePath.within(path, () -> Matmul.linear(x, weight.variable(), bias.variable()));
  }
}
