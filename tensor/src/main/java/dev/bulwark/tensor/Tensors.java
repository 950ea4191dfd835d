package dev.bulwark.tensor;

/** What joins, splits, sorts or picks tensors. */
public final class Tensors {
  private Tensors() {}
}
