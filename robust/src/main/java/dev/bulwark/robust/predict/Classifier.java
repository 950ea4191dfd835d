package dev.bulwark.robust.predict;

import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Config;
import dev.bulwark.nn.checkpoint.Weights;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.util.function.IntFunction;

/**
 * A classifier with all it takes to use it.
 *
 * @param model encoder and head
 * @param tokenizer the encoder's
 * @param config config.json, to be saved again
 * @param labels class names in order
 * @param inputs makes the model's input of a text, given the longest sequence in tokens
 */
public record Classifier(
    ClassifierModel model,
    Tokenizer tokenizer,
    Config config,
    Labels labels,
    IntFunction<InputEncoder> inputs) {
  /**
   * A classifier that reads plain sequences.
   *
   * @param model encoder and head
   * @param tokenizer the encoder's
   * @param config config.json, to be saved again
   * @param labels class names in order
   */
  public Classifier(ClassifierModel model, Tokenizer tokenizer, Config config, Labels labels) {
    this(model, tokenizer, config, labels, length -> InputEncoder.plain(tokenizer, length));
  }

  /** The same with another configuration, to be saved. */
  public Classifier with(Config other) {
    return new Classifier(model, tokenizer, other, labels, inputs);
  }

  /**
   * Makes the model's input of a text.
   *
   * @param maxLength longest sequence in tokens; the model's own limit if that is shorter
   * @return the encoder
   */
  public InputEncoder inputs(int maxLength) {
    return inputs.apply(Math.min(maxLength, model.config().maxPositions()));
  }

  /**
   * Puts a new classifier on a pre-trained encoder. A checkpoint that is a classifier of the same
   * classes keeps its head: to go on with it, or to harden it.
   *
   * @param checkpoint the encoder
   * @param labels classes to tell apart
   * @param rng stream of the new parameters
   * @return the classifier, untrained
   * @throws IOException if the checkpoint cannot be read
   */
  public static Classifier onTopOf(Checkpoint checkpoint, Labels labels, Rng rng)
      throws IOException {
    Config config = checkpoint.config().withLabels(labels.names());
    Weights weights = isOf(labels, checkpoint) ? checkpoint.weights() : checkpoint.encoder();
    return build(checkpoint, config, labels, Source.of(weights, DType.F32, rng));
  }

  /** Whether a checkpoint tells the same classes apart already. */
  private static boolean isOf(Labels labels, Checkpoint checkpoint) {
    return checkpoint.weights().has("classifier.weight")
        && checkpoint.config().labels().equals(labels.names());
  }

  /**
   * Opens a classifier that was trained before.
   *
   * @param checkpoint a saved classifier
   * @return the classifier
   * @throws IOException if the checkpoint cannot be read
   * @throws IllegalArgumentException if it holds no classifier
   */
  public static Classifier open(Checkpoint checkpoint) throws IOException {
    if (!checkpoint.weights().has("classifier.weight")) {
      throw new IllegalArgumentException(
          checkpoint.name()
              + " holds no classifier (classifier.weight is missing); train one with"
              + " 'bulwark train' first");
    }
    Config config = checkpoint.config();
    Source source = Source.of(checkpoint.weights(), DType.F32, Rng.seed(0));
    return build(checkpoint, config, Labels.of(config.labels()), source);
  }

  private static Classifier build(
      Checkpoint checkpoint, Config config, Labels labels, Source source) throws IOException {
    SequenceClassifier model =
        new SequenceClassifier(
            source, BertConfig.of(config), labels.size(), config.classifierDropout());
    return new Classifier(model, checkpoint.tokenizer(), config, labels);
  }
}
