package dev.bulwark.robust.train;

import java.util.Map;

/** Watches a run. */
public interface TrainListener {
  /** Watches nothing. */
  TrainListener NONE = new TrainListener() {};

  /**
   * Before the first step.
   *
   * @param at how far an earlier, stopped run came; {@link Progress#START} if there was none
   */
  default void onStart(Progress at) {}

  /**
   * After each step.
   *
   * @param step what happened
   */
  default void onStep(StepReading step) {}

  /**
   * After each epoch and its evaluation.
   *
   * @param epoch what happened
   */
  default void onEpoch(EpochReading epoch) {}

  /**
   * Readings of a step.
   *
   * @param step steps done
   * @param totalSteps steps of the run
   * @param epoch epoch, from 1
   * @param loss loss of the step in nats
   * @param rate learning rate of the step
   * @param gradientNorm global norm before clipping
   * @param examples examples of the step
   * @param readings what the method reported
   */
  record StepReading(
      int step,
      int totalSteps,
      int epoch,
      double loss,
      double rate,
      double gradientNorm,
      int examples,
      Map<String, Double> readings) {}

  /**
   * Readings of an epoch.
   *
   * @param epoch epoch, from 1
   * @param trainLoss mean loss of its steps
   * @param devAccuracy share of development examples classified right
   * @param devLoss their mean cross-entropy in nats
   * @param best whether this is the best epoch so far
   */
  record EpochReading(
      int epoch, double trainLoss, double devAccuracy, double devLoss, boolean best) {}
}
