package dev.bulwark.robust.method;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Parameter;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Unary;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of some parameters an update reaches: a coin for each, the more likely heads the
 * more important the entry is (RoAST, Kim et al. 2023). Holds 8 bytes an entry in single precision:
 * the probability and what the gradient is multiplied with.
 */
public final class SelectiveMask {
  private static final double TINY = 1e-12; // added to a probability before dividing by it

  private final double alpha;
  private final double beta;
  private final boolean unbiased;
  private final Map<Parameter, Tensor> probabilities = new LinkedHashMap<>();
  private final Map<Parameter, Tensor> multipliers = new LinkedHashMap<>();
  private final Map<Variable, Tensor> byLeaf = new HashMap<>();

  /**
   * A mask that lets everything through.
   *
   * @param parameters whose entries are selected
   * @param alpha relative rank at which an entry is kept with probability one half
   * @param beta how sharply the probability rises there
   * @param unbiased whether a kept gradient is divided by the probability of being kept
   */
  public SelectiveMask(
      Collection<Parameter> parameters, double alpha, double beta, boolean unbiased) {
    this.alpha = alpha;
    this.beta = beta;
    this.unbiased = unbiased;
    for (Parameter p : parameters) {
      Tensor value = p.value();
      probabilities.put(p, Tensor.full(value.shape(), value.dtype(), 1).retain());
      Tensor multiplier = Tensor.full(value.shape(), value.dtype(), 1).retain();
      multipliers.put(p, multiplier);
      byLeaf.put(p.leaf(), multiplier);
    }
  }

  /**
   * Sets the probabilities: 1 / (1 + exp(-2 beta (rank - alpha))).
   *
   * @param ranks relative rank of each entry, in the order of the parameters, see {@link Ranks}
   */
  public void rank(List<Tensor> ranks) {
    int[] i = {0};
    probabilities
        .values()
        .forEach(p ->
            Scope.run(
                "keep probability",
                () -> {
                  Tensor exponent = ranks.get(i[0]++).affine(2 * beta, -2 * beta * alpha);
                  p.kernels().copy(exponent.map(Unary.SIGMOID), p);
                }));
  }

  /**
   * Tosses the coins.
   *
   * @param draws gives uniform numbers "u.NAME" for each parameter
   */
  public void toss(Draws draws) {
    probabilities.forEach((parameter, p) ->
        Scope.run(
            "toss",
            () -> {
              Tensor u = draws.uniform("u." + parameter.name(), p.shape(), p.dtype(), 0, 1);
              Tensor kept = u.with(Binary.LT, p).cast(p.dtype());
              Tensor multiplier = unbiased ? kept.div(p.plus(TINY)) : kept;
              p.kernels().copy(multiplier, of(parameter));
            }));
  }

  /**
   * Sets what gradients are multiplied with, in place of tossing coins.
   *
   * @param parameter one of the parameters
   * @param multiplier of its shape
   */
  public void set(Parameter parameter, Tensor multiplier) {
    multiplier.kernels().copy(multiplier, of(parameter));
  }

  /** The probability that an entry of a parameter is kept. */
  public Tensor probability(Parameter parameter) {
    return known(probabilities.get(parameter), parameter);
  }

  /** What the gradient of a parameter is multiplied with. */
  public Tensor of(Parameter parameter) {
    return known(multipliers.get(parameter), parameter);
  }

  private static Tensor known(@Nullable Tensor t, Parameter parameter) {
    if (t == null) {
      throw new IllegalArgumentException(parameter.name() + " is not selected");
    }
    return t;
  }

  /** Gradients times the mask; those of other parameters as they are. */
  public Gradients apply(Gradients gradients) {
    return gradients.map((leaf, g) -> {
      Tensor multiplier = byLeaf.get(leaf);
      return multiplier == null ? g : g.times(multiplier);
    });
  }

  /** The live tensors by name, for snapshots. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    probabilities.forEach((p, t) -> state.put("probability." + p.name(), t));
    multipliers.forEach((p, t) -> state.put("multiplier." + p.name(), t));
    return state;
  }
}
