package dev.bulwark.robust.objective;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.nn.Module;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * How far parameters have moved from where they started (weight decay towards pre-trained weights:
 * Wiese et al., CoNLL 2017; as a norm in RIFT's released code).
 *
 * @param now where they are
 * @param start where they were, in the same order
 */
public record ParameterDistance(List<Variable> now, List<Tensor> start) {
  private static final double UNDER_THE_ROOT = 1e-10; // gives the gradient 0 at the start

  private static final String PRETRAINED = "bert."; // encoder and pooler; heads are new

  /**
   * Of the pre-trained part of a model, from where it is now. The start is copied.
   *
   * @param model the model
   * @return a distance that follows the model
   */
  public static ParameterDistance of(Module model) {
    List<Variable> now = new ArrayList<>();
    List<Tensor> start = new ArrayList<>();
    model
        .parameters()
        .forEach((name, p) -> {
          if (isPretrained(name)) {
            now.add(p.leaf());
            start.add(p.value().copy().retain());
          }
        });
    return new ParameterDistance(now, start);
  }

  /**
   * Whether a parameter comes from pre-training.
   *
   * @param name its full name
   * @return true for encoder and pooler, false for heads
   */
  public static boolean isPretrained(String name) {
    return name.startsWith(PRETRAINED);
  }

  /** Sum of squares of all differences, a scalar. */
  public Variable squared() {
    Variable sum = null;
    for (int i = 0; i < now.size(); i++) {
      Variable moved = now.get(i).minus(Variable.constant(start.get(i)));
      Variable square = Elementwise.square(moved).sum();
      sum = sum == null ? square : sum.plus(square);
    }
    if (sum == null) {
      throw new IllegalArgumentException(
          "there is no pre-trained parameter to keep near its start");
    }
    return sum;
  }

  /** sqrt(1e-10 + {@link #squared}), a scalar whose gradient has length 1. */
  public Variable norm() {
    return Elementwise.sqrt(squared().plus(UNDER_THE_ROOT));
  }
}
