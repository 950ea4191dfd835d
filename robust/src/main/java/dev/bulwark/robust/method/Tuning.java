package dev.bulwark.robust.method;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.nn.optim.Schedule;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batches;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.objective.Term;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A method at work on one model: its parts of a training run. Every part may be left out; the parts
 * of several methods make one run together (see {@link Recipe#combine}).
 */
public interface Tuning {
  /** How a batch becomes gradients; plain cross-entropy if no method says. */
  default Optional<Objective> objective() {
    return Optional.empty();
  }

  /** Added to every pass of an objective that takes terms. */
  default List<PassTerm> passTerms() {
    return List.of();
  }

  /** Added once a step: terms of the parameters, such as a distance from pre-trained weights. */
  default List<Term> terms() {
    return List.of();
  }

  /** The objective with something round it: other weights, other words. */
  default Objective wrap(Objective inner) {
    return inner;
  }

  /** Gradients as the optimiser is to see them. */
  default Gradients filter(Gradients gradients, Step step) {
    return gradients;
  }

  /** What is trained beside the model and thrown away after: critics, projection heads. */
  default List<Module> modules() {
    return List.of();
  }

  /**
   * Tensors that change during a run and are no parameters; kept in snapshots, written in place.
   */
  default Map<String, Tensor> state() {
    return Map.of();
  }

  /**
   * The training examples as the method wants them.
   *
   * @param train those given
   * @return what is trained on
   * @throws IOException if making more of them fails
   */
  default List<Example> examples(List<Example> train) throws IOException {
    return train;
  }

  /** Which examples meet in a batch, if the method cares. */
  default Optional<BatchOrder> order() {
    return Optional.empty();
  }

  /** The optimiser's settings, given the user's. */
  default AdamWOptimizer.Settings optimizer(AdamWOptimizer.Settings usual) {
    return usual;
  }

  /**
   * The bound of the gradient's global norm, given the user's.
   *
   * @param usual what the run's settings ask for
   * @return infinity for no bound
   */
  default double maxGradNorm(double usual) {
    return usual;
  }

  /**
   * The learning rate's course, given the user's.
   *
   * @param usual what the run's settings ask for
   * @param learningRate the rate at factor 1
   */
  default Schedule schedule(Schedule usual, double learningRate) {
    return usual;
  }

  /**
   * A factor of the learning rate beside that of the run's schedule.
   *
   * @param epoch number, from 0
   * @return 1 for no change
   */
  default double rateFactor(int epoch) {
    return 1;
  }

  /**
   * Called before the first step of a run, not when it is resumed.
   *
   * @param data the training data
   * @param rng stream of the preparation
   */
  default void prepare(Batches data, Rng rng) {}

  /**
   * Called before the first step of each epoch; again if the run is resumed right there.
   *
   * @param epoch number, from 0
   * @param rng stream of this epoch
   */
  default void startEpoch(int epoch, Rng rng) {}

  /**
   * Evaluates or saves the model as it is to be used, which may have other weights than the one in
   * training.
   *
   * @param body uses the model
   * @param <T> type of its result
   * @return the result
   */
  default <T> T asUsed(Supplier<T> body) {
    return body.get();
  }
}
