package dev.bulwark.nn.layer;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Activation functions by their names in config.json ("hidden_act"). */
public enum Activation {
  /** GELU by the error function. */
  GELU(List.of("gelu", "gelu_python"), Elementwise::gelu),
  /** GELU by tanh. */
  GELU_NEW(List.of("gelu_new", "gelu_pytorch_tanh"), Elementwise::geluTanh),
  /** max(x, 0). */
  RELU(List.of("relu"), Elementwise::relu),
  /** x sigmoid(x). */
  SILU(List.of("silu", "swish"), Elementwise::silu),
  /** tanh. */
  TANH(List.of("tanh"), Elementwise::tanh);

  private final List<String> names;
  private final UnaryOperator<Variable> function;

  Activation(List<String> names, UnaryOperator<Variable> function) {
    this.names = names;
    this.function = function;
  }

  /**
   * The activation of that name.
   *
   * @param name as in config.json
   * @return the activation
   * @throws IllegalArgumentException if the name is not known
   */
  public static Activation named(String name) {
    for (Activation a : values()) {
      if (a.names.contains(name)) {
        return a;
      }
    }
    throw new IllegalArgumentException(
        "hidden_act '"
            + name
            + "' is not known; known are "
            + Arrays.stream(values()).flatMap(a -> a.names.stream()).toList());
  }

  /** Applies the function element by element. */
  public Variable forward(Variable x) {
    return function.apply(x);
  }
}
