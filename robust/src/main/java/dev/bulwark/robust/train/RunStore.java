package dev.bulwark.robust.train;

import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.robust.predict.Classifier;
import java.io.IOException;

/** Where a run keeps its best model and what it needs to go on after a kill. */
public interface RunStore {
  /**
   * Puts the last snapshot into model and optimiser.
   *
   * @param model receives the parameters
   * @param optimizer receives the moments
   * @return how far the snapshot is; {@link Progress#START} without one
   * @throws IOException if the snapshot cannot be read
   */
  Progress restore(SequenceClassifier model, AdamWOptimizer optimizer) throws IOException;

  /**
   * Keeps the state of the run.
   *
   * @param model its parameters
   * @param optimizer its moments
   * @param at how far it is
   * @throws IOException if that fails; the snapshot before stays good
   */
  void snapshot(SequenceClassifier model, AdamWOptimizer optimizer, Progress at) throws IOException;

  /**
   * Keeps the best model so far.
   *
   * @param classifier the model
   * @throws IOException if that fails; the model before stays good
   */
  void saveModel(Classifier classifier) throws IOException;
}
