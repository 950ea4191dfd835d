package dev.bulwark.robust.train;

import dev.bulwark.nn.optim.Schedule.Decay;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers of a training run. Everything random derives from the seed.
 *
 * @param epochs passes over the training set, at least 1
 * @param batchSize examples per step
 * @param learningRate peak learning rate of AdamW
 * @param warmupRatio share of all steps that warm up, in [0, 1]
 * @param decay shape of the learning rate after the warm-up
 * @param weightDecay decoupled decay of matrices and embeddings
 * @param maxGradNorm bound of the gradient's global norm
 * @param maxLength longest sequence in tokens
 * @param patience epochs without a better development score before stopping; 0 never stops
 * @param snapshotEvery steps between snapshots; 0 takes none
 * @param seed seed of the run
 */
public record TrainSettings(
    int epochs,
    int batchSize,
    double learningRate,
    double warmupRatio,
    Decay decay,
    double weightDecay,
    double maxGradNorm,
    int maxLength,
    int patience,
    int snapshotEvery,
    long seed) {
  /** Usual settings for BERT-type encoders. */
  public static final TrainSettings STANDARD =
      new TrainSettings(3, 32, 5e-5, 0.1, Decay.LINEAR, 0.01, 1.0, 128, 0, 0, 42);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one makes no sense
   */
  public TrainSettings {
    require(epochs >= 1, "epochs", epochs, "at least 1");
    require(batchSize >= 1, "batch-size", batchSize, "at least 1");
    require(learningRate > 0, "lr", learningRate, "positive");
    require(warmupRatio >= 0 && warmupRatio <= 1, "warmup-ratio", warmupRatio, "in [0, 1]");
    require(weightDecay >= 0, "weight-decay", weightDecay, "0 or more");
    require(maxGradNorm > 0, "max-grad-norm", maxGradNorm, "positive");
    require(maxLength >= 3, "max-length", maxLength, "at least 3");
    require(patience >= 0, "patience", patience, "0 or more");
    require(snapshotEvery >= 0, "snapshot-every", snapshotEvery, "0 or more");
  }

  /**
   * What decides the result, by name, to compare runs: everything but {@link #snapshotEvery}.
   *
   * @return values as text
   */
  public Map<String, String> named() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("epochs", Integer.toString(epochs));
    all.put("batch_size", Integer.toString(batchSize));
    all.put("learning_rate", Double.toString(learningRate));
    all.put("warmup_ratio", Double.toString(warmupRatio));
    all.put("schedule", decay.toString());
    all.put("weight_decay", Double.toString(weightDecay));
    all.put("max_grad_norm", Double.toString(maxGradNorm));
    all.put("max_length", Integer.toString(maxLength));
    all.put("patience", Integer.toString(patience));
    all.put("seed", Long.toString(seed));
    return all;
  }

  private static void require(boolean ok, String name, Number value, String rule) {
    if (!ok) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be " + rule);
    }
  }
}
