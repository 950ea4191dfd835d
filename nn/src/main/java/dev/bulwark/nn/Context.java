package dev.bulwark.nn;

import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Rng;

/**
 * What a forward pass is done for: immutable, handed down, split by name on the way so that every
 * dropout has a stream of its own.
 *
 * @param training whether dropout is on
 * @param rng stream of this place in the model
 * @param padding how padding is treated
 * @param hook sees what passes between layers
 */
public record Context(boolean training, Rng rng, Padding padding, LayerHook hook) {
  /** No dropout. */
  public static Context inference() {
    return new Context(false, Rng.seed(0), Padding.PACKED, LayerHook.NONE);
  }

  /**
   * Dropout on.
   *
   * @param rng stream of this step
   * @return the context
   */
  public static Context training(Rng rng) {
    return new Context(true, rng, Padding.PACKED, LayerHook.NONE);
  }

  /** The same without dropout. */
  public Context evaluating() {
    return new Context(false, rng, padding, hook);
  }

  /**
   * The context of a part.
   *
   * @param part its name
   * @return the same with a stream of its own
   */
  public Context named(String part) {
    return new Context(training, rng.split(part), padding, hook);
  }

  /**
   * The same with another hook.
   *
   * @param other the hook
   * @return the context
   */
  public Context withHook(LayerHook other) {
    return new Context(training, rng, padding, other);
  }

  /**
   * The same with another treatment of padding.
   *
   * @param other the treatment
   * @return the context
   */
  public Context withPadding(Padding other) {
    return new Context(training, rng, other, hook);
  }

  /**
   * Drops out in training.
   *
   * @param place where, for {@link LayerHook#dropout}
   * @param x any shape
   * @param p the layer's rate
   * @param stream of this place
   * @return the thinned tensor; x itself outside of training
   */
  public Variable drop(String place, Variable x, double p, Rng stream) {
    return hook.dropout(place, x, dropout(p), stream);
  }

  /**
   * The rate of a dropout layer here.
   *
   * @param p the layer's rate
   * @return p in training, else 0
   */
  public double dropout(double p) {
    return training ? p : 0;
  }
}
