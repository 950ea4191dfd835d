package dev.bulwark.robust.predict;

import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.head.SpanModel;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.util.List;

/** Makes and opens models that answer questions with a span; their classes are its two ends. */
public final class SpanModels {
  private static final Labels ENDS = Labels.of(List.of("start", "end"));

  private SpanModels() {}

  /**
   * Puts a new span head on a pre-trained encoder.
   *
   * @param checkpoint the encoder
   * @param rng stream of the new parameters
   * @return the model, untrained
   * @throws IOException if the checkpoint cannot be read
   */
  public static Classifier onTopOf(Checkpoint checkpoint, Rng rng) throws IOException {
    return build(checkpoint, Source.of(checkpoint.encoder(), DType.F32, rng));
  }

  /**
   * Opens a model that was trained before.
   *
   * @param checkpoint a saved model
   * @return the model
   * @throws IOException if the checkpoint cannot be read
   * @throws IllegalArgumentException if it has no span head
   */
  public static Classifier open(Checkpoint checkpoint) throws IOException {
    if (!checkpoint.weights().has("qa_outputs.weight")) {
      throw new IllegalArgumentException(
          checkpoint.name()
              + " does not answer questions (qa_outputs.weight is missing); train a model with"
              + " 'bulwark train-qa' first");
    }
    return build(checkpoint, Source.of(checkpoint.weights(), DType.F32, Rng.seed(0)));
  }

  private static Classifier build(Checkpoint checkpoint, Source source) throws IOException {
    SpanModel model = new SpanModel(source, BertConfig.of(checkpoint.config()));
    return new Classifier(model, checkpoint.tokenizer(), checkpoint.config(), ENDS);
  }
}
