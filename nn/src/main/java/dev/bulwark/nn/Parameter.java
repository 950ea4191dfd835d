package dev.bulwark.nn;

import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Tensor;

/** A trainable tensor with its Hugging Face name. Only optimisers and loaders write its value. */
public final class Parameter {
  private final String name;
  private final Tensor value;
  private final Variable variable;
  private boolean trainable = true;

  /**
   * Makes a parameter.
   *
   * @param name full name, such as "bert.encoder.layer.0.output.dense.weight"
   * @param value contiguous F32 or F64 tensor, from now on the parameter's own
   */
  public Parameter(String name, Tensor value) {
    this.name = name;
    this.value = value.contiguous().retain();
    this.variable = Variable.leaf(name, this.value);
  }

  /** The full Hugging Face name. */
  public String name() {
    return name;
  }

  /** The tensor, written in place by optimisers. */
  public Tensor value() {
    return value;
  }

  /** What forward passes use: a leaf while trainable, a constant while frozen. */
  public Variable variable() {
    return trainable ? variable : variable.detach();
  }

  /** The leaf under which {@code Gradients} hold this parameter's gradient. */
  public Variable leaf() {
    return variable;
  }

  /** Whether forward passes from now on ask for a gradient. */
  public boolean trainable() {
    return trainable;
  }

  /**
   * Freezes or thaws the parameter for the forward passes that follow.
   *
   * @param on whether it is trained
   */
  public void setTrainable(boolean on) {
    trainable = on;
  }

  @Override
  public String toString() {
    return name + " " + value.describe();
  }
}
