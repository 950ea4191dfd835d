package dev.bulwark.robust.cli;

import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.train.TrainSettings;
import picocli.CommandLine.Option;

/** Numbers of a training run. */
final class OptimizerOptions {
  @Option(names = "--epochs", defaultValue = "3", description = "default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(names = "--batch-size", defaultValue = "32", description = "default: ${DEFAULT-VALUE}")
  private int batchSize;

  @Option(
      names = "--lr",
      defaultValue = "5e-5",
      description = "peak learning rate of AdamW (default: ${DEFAULT-VALUE})")
  private double rate;

  @Option(
      names = "--warmup-ratio",
      defaultValue = "0.1",
      description = "share of the steps that warm up (default: ${DEFAULT-VALUE})")
  private double warmup;

  @Option(
      names = "--schedule",
      defaultValue = "linear",
      description = "decay after the warm-up: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Decay schedule;

  @Option(
      names = "--weight-decay",
      defaultValue = "0.01",
      description = "decoupled, not on biases and layer norms (default: ${DEFAULT-VALUE})")
  private double weightDecay;

  @Option(
      names = "--max-grad-norm",
      defaultValue = "1.0",
      description = "clip the gradient's global norm (default: ${DEFAULT-VALUE})")
  private double maxGradNorm;

  @Option(
      names = "--patience",
      defaultValue = "0",
      description = "stop after so many epochs without a better dev accuracy; 0: never")
  private int patience;

  @Option(
      names = "--snapshot-every",
      defaultValue = "200",
      description = "steps between snapshots for --resume; 0: none (default: ${DEFAULT-VALUE})")
  private int snapshotEvery;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  OptimizerOptions() {}

  /** The settings asked for. */
  TrainSettings settings(int maxLength, long seed) {
    return new TrainSettings(
        epochs,
        batchSize,
        rate,
        warmup,
        schedule,
        weightDecay,
        maxGradNorm,
        maxLength,
        patience,
        snapshotEvery,
        seed);
  }
}
