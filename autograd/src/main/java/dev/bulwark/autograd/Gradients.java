package dev.bulwark.autograd;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Kernels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Gradients of leaves: an immutable value, the result of a backward pass.
 *
 * <p>As {@code backward} answers them, each tensor is contiguous, has its leaf's shape and type and
 * shares memory with nothing else, and all belong to the scope in which {@code backward} was
 * called. The order of the leaves, and with it every sum over them, is fixed by the graph.
 */
public final class Gradients {
  /** Added to the norm before dividing by it, as PyTorch does. */
  private static final double CLIP_EPSILON = 1e-6;

  private final Map<Variable, Tensor> byLeaf;

  Gradients(Map<Variable, Tensor> byLeaf) {
    this.byLeaf = Collections.unmodifiableMap(byLeaf);
  }

  /**
   * No gradients, to add to.
   *
   * @return an empty value
   */
  public static Gradients none() {
    return new Gradients(new LinkedHashMap<>());
  }

  /**
   * The gradient of a leaf, if it took part.
   *
   * @param leaf a leaf
   * @return its gradient; empty if the root does not depend on it
   */
  public Optional<Tensor> of(Variable leaf) {
    return Optional.ofNullable(byLeaf.get(leaf));
  }

  /**
   * The gradient of a leaf that must have taken part.
   *
   * @param leaf a leaf
   * @return its gradient
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(Variable leaf) {
    Tensor t = byLeaf.get(leaf);
    if (t == null) {
      throw new IllegalArgumentException(
          "there is no gradient of "
              + leaf.describe()
              + ": "
              + (leaf.isLeaf()
                  ? "the result does not depend on it; use of(...) if that may be"
                  : "it is not a leaf; make it with Variable.leaf or watch it with onGradient"));
    }
    return t;
  }

  /**
   * The leaves that have a gradient.
   *
   * @return the leaves, in an order fixed by the graph
   */
  public Set<Variable> leaves() {
    return byLeaf.keySet();
  }

  /**
   * The same without one leaf.
   *
   * @param leaf a leaf, such as a perturbation that no optimiser steps
   * @return the gradients of all others
   */
  public Gradients without(Variable leaf) {
    Map<Variable, Tensor> rest = new LinkedHashMap<>(byLeaf);
    rest.remove(leaf);
    return new Gradients(rest);
  }

  /**
   * Sum with other gradients; a leaf that only one has keeps its gradient.
   *
   * @param other the gradients to add
   * @return the sum
   */
  public Gradients plus(Gradients other) {
    Map<Variable, Tensor> sum = new LinkedHashMap<>(byLeaf);
    other.byLeaf.forEach((leaf, t) -> sum.merge(leaf, t, Tensor::plus));
    return new Gradients(sum);
  }

  /**
   * Sum with other gradients, written over these: half the memory of {@link #plus}. Neither must be
   * used afterwards.
   *
   * @param other the gradients to add
   * @return the sum
   */
  public Gradients accumulate(Gradients other) {
    Map<Variable, Tensor> sum = new LinkedHashMap<>(byLeaf);
    other.byLeaf.forEach((leaf, t) -> {
      Tensor mine = sum.putIfAbsent(leaf, t);
      if (mine != null) {
        mine.kernels().addScaled(t, 1, mine);
      }
    });
    return new Gradients(sum);
  }

  /**
   * All gradients times a number.
   *
   * @param factor the number
   * @return the scaled gradients
   */
  public Gradients scale(double factor) {
    return map((leaf, t) -> t.times(factor));
  }

  /**
   * Each gradient changed by a function.
   *
   * @param change from leaf and gradient to a new gradient of the same shape and type
   * @return the changed gradients
   */
  public Gradients map(BiFunction<Variable, Tensor, Tensor> change) {
    Map<Variable, Tensor> changed = new LinkedHashMap<>();
    byLeaf.forEach((leaf, t) -> changed.put(leaf, change.apply(leaf, t)));
    return new Gradients(changed);
  }

  /**
   * Euclidean norm of all gradients together, accumulated in double.
   *
   * @return the norm; 0 if there are none
   */
  public double globalNorm() {
    return norm(byLeaf.values());
  }

  /**
   * Euclidean norm of some gradients together, accumulated in double.
   *
   * @param leaves whose gradients; those that have none count as 0
   * @return the norm
   */
  public double norm(Collection<Variable> leaves) {
    return norm(leaves.stream().map(byLeaf::get).filter(Objects::nonNull).toList());
  }

  /** One call for each back end: on a GPU, each would wait for the device. */
  private static double norm(Iterable<Tensor> gradients) {
    double sum = 0;
    for (Map.Entry<Kernels, List<Tensor>> near : byKernels(gradients).entrySet()) {
      for (double squares : near.getKey().sumsOfSquares(near.getValue())) {
        sum += squares;
      }
    }
    return Math.sqrt(sum);
  }

  private static Map<Kernels, List<Tensor>> byKernels(Iterable<Tensor> tensors) {
    Map<Kernels, List<Tensor>> near = new LinkedHashMap<>();
    for (Tensor t : tensors) {
      near.computeIfAbsent(t.kernels(), k -> new ArrayList<>()).add(t);
    }
    return near;
  }

  /**
   * The factor that brings the global norm down to a bound: max / (norm + 1e-6), at most 1. For
   * optimisers that scale as they go.
   *
   * @param max largest norm allowed, above 0
   * @return a factor in (0, 1]; 1 if the norm is not finite
   */
  public double clipFactor(double max) {
    if (!(max > 0)) {
      throw new IllegalArgumentException("clipByGlobalNorm: the bound is " + max + ", not above 0");
    }
    double norm = globalNorm();
    return Double.isFinite(norm) ? Math.min(1, max / (norm + CLIP_EPSILON)) : 1;
  }

  /**
   * Scales all gradients together so that their global norm is at most a bound, by PyTorch's rule.
   *
   * @param max largest norm allowed, above 0
   * @return the clipped gradients; the same if they are within the bound or not finite
   */
  public Gradients clipByGlobalNorm(double max) {
    double factor = clipFactor(max);
    return factor == 1 ? this : scale(factor);
  }

  /**
   * Whether no gradient holds a NaN or an infinity.
   *
   * @return true if all numbers are finite
   */
  public boolean allFinite() {
    return byKernels(byLeaf.values()).entrySet().stream()
        .allMatch(near -> near.getKey().allFinite(near.getValue()));
  }

  /**
   * Lets all gradients outlive their scope, see {@link Tensor#retain}.
   *
   * @return this
   */
  public Gradients retain() {
    byLeaf.values().forEach(Tensor::retain);
    return this;
  }

  @Override
  public String toString() {
    StringBuilder s = new StringBuilder("gradients of");
    byLeaf.keySet().forEach(leaf -> s.append(' ').append(leaf.describe()));
    return s.toString();
  }
}
