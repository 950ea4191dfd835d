package dev.bulwark.robust.objective;

import dev.bulwark.autograd.Gradients;
import java.util.Map;

/**
 * A batch in, parameter gradients out. Not a loss, because some methods (FreeLB) add up the
 * gradients of several passes.
 */
@FunctionalInterface
public interface Objective {
  /**
   * Computes the gradients of one step.
   *
   * @param step the batch and the model
   * @return gradients and readings
   */
  Result gradients(Step step);

  /**
   * Whether it goes through the batch with {@link Step#pass} and so takes the terms that other
   * methods add to each pass.
   */
  default boolean takesTerms() {
    return false;
  }

  /**
   * What a step gave.
   *
   * @param gradients by parameter leaf
   * @param loss the value minimised, in nats
   * @param readings further numbers to log, by name
   */
  record Result(Gradients gradients, double loss, Map<String, Double> readings) {}
}
