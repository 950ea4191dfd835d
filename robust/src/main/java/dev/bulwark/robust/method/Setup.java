package dev.bulwark.robust.method;

import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a method finds when a run is set up: before the first step, with pre-trained weights.
 *
 * @param classifier the model to train
 * @param maxLength longest sequence in tokens
 * @param epochs how many the run has
 * @param rng stream of everything the method starts at random
 * @param adversary attacks examples, where somebody can
 */
public record Setup(
    Classifier classifier, int maxLength, int epochs, Rng rng, Optional<Adversary> adversary) {
  /** Attacks examples with text of its own, for methods that train on it. */
  @FunctionalInterface
  public interface Adversary {
    /**
     * Attacks examples; an attack that was interrupted goes on.
     *
     * @param victim a trained model, by its folder
     * @param examples what to attack
     * @return those attacks that succeeded, with the labels of the originals
     * @throws IOException if the victim cannot be read
     */
    List<Example> attack(String victim, List<Example> examples) throws IOException;
  }

  /**
   * The model as one with a pooled feature and a classification head.
   *
   * @param method who needs it, for the message
   * @return the model
   * @throws IllegalArgumentException if it has another head
   */
  public SequenceClassifier pooledModel(String method) {
    if (classifier.model() instanceof SequenceClassifier s) {
      return s;
    }
    throw new IllegalArgumentException(
        method
            + " works on the pooled feature of a classification head, which a "
            + classifier.model().getClass().getSimpleName()
            + " does not have; leave one of the two methods out");
  }
}
