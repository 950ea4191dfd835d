package dev.bulwark.robust.train;

import dev.bulwark.robust.predict.Classifier;
import java.io.IOException;

/** Where a run keeps its best model and what it needs to go on after a kill. */
public interface RunStore {
  /** Keeps nothing: for runs that are measured or thrown away. */
  RunStore NONE =
      new RunStore() {
        @Override
        public Progress restore(RunState run) {
          return Progress.START;
        }

        @Override
        public void snapshot(RunState run, Progress at) {}

        @Override
        public void saveModel(Classifier classifier) {}
      };

  /**
   * Puts the last snapshot back.
   *
   * @param run receives parameters, moments and the method's tensors
   * @return how far the snapshot is; {@link Progress#START} without one
   * @throws IOException if the snapshot cannot be read
   */
  Progress restore(RunState run) throws IOException;

  /**
   * Keeps the state of the run.
   *
   * @param run what to keep
   * @param at how far it is
   * @throws IOException if that fails; the snapshot before stays good
   */
  void snapshot(RunState run, Progress at) throws IOException;

  /**
   * Keeps the best model so far.
   *
   * @param classifier the model
   * @throws IOException if that fails; the model before stays good
   */
  void saveModel(Classifier classifier) throws IOException;
}
