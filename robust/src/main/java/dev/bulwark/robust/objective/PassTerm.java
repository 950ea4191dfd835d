package dev.bulwark.robust.objective;

import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Tensor;
import java.util.Optional;

/**
 * What a method adds to each pass of a loop, clean or perturbed. A loop of K passes averages their
 * losses, so a term divides by {@link Pass#of} where its paper averages too.
 */
public interface PassTerm {
  /** Its name in the readings. */
  String name();

  /**
   * A summand of the pass's loss.
   *
   * @param pass what the model made of the batch
   * @return a scalar to minimise, or none
   */
  default Optional<Variable> inLoss(Pass pass) {
    return Optional.empty();
  }

  /**
   * Whether it has a summand that needs to know where the loss is sensitive, see {@link
   * #afterwards}. Asking costs a backward pass to the word vectors.
   */
  default boolean needsWordGradient() {
    return false;
  }

  /**
   * A further scalar to minimise, once the gradient of the loss with respect to the word vectors is
   * known; what it adds to that gradient is ignored. Asked for by {@link #needsWordGradient}.
   *
   * @param pass what the model made of the batch
   * @param wordGradient [R, S, H]
   * @return a scalar to minimise, or none
   */
  default Optional<Variable> afterwards(Pass pass, Tensor wordGradient) {
    return Optional.empty();
  }
}
