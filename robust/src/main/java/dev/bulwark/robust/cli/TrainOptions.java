package dev.bulwark.robust.cli;

import dev.bulwark.robust.train.TrainSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Numbers of a training run on labelled text. */
final class TrainOptions {
  @Mixin private OptimizerOptions optimizer;

  @Option(
      names = "--max-length",
      defaultValue = "128",
      description = "longest text in tokens (default: ${DEFAULT-VALUE})")
  private int maxLength;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  TrainOptions() {}

  /** The numbers as a run takes them. */
  TrainSettings settings(long seed) {
    return optimizer.settings(maxLength, seed);
  }
}
