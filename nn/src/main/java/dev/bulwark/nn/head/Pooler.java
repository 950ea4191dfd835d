package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.layer.Linear;

/** tanh(W h + b) of the first token's state. */
public final class Pooler extends Module {
  private final Linear dense;

  /**
   * Takes "dense" from a source.
   *
   * @param source where it comes from
   * @param hidden H
   */
  public Pooler(Source source, int hidden) {
    dense = child(new Linear(source.under("dense"), hidden, hidden));
  }

  /**
   * Applies the pooler.
   *
   * @param first [B, H], the state of each first token
   * @return [B, H]
   */
  public Variable forward(Variable first) {
    return Elementwise.tanh(dense.forward(first));
  }
}
