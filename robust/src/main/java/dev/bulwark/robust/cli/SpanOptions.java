package dev.bulwark.robust.cli;

import dev.bulwark.robust.data.SpanEncoder;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.SpanPredictor;
import picocli.CommandLine.Option;

/** How texts are cut into windows and answers are read from them. */
final class SpanOptions {
  @Option(
      names = "--max-length",
      defaultValue = "384",
      description = "longest window with its question, in tokens (default: ${DEFAULT-VALUE})")
  private int maxLength;

  @Option(
      names = "--doc-stride",
      defaultValue = "128",
      description = "tokens from one window to the next (default: ${DEFAULT-VALUE})")
  private int stride;

  @Option(
      names = "--max-question-length",
      defaultValue = "64",
      description = "questions are cut to so many tokens (default: ${DEFAULT-VALUE})")
  private int maxQuestion;

  @Option(
      names = "--max-answer-length",
      defaultValue = "30",
      description = "longest answer in tokens (default: ${DEFAULT-VALUE})")
  private int maxAnswer;

  @Option(
      names = "--n-best",
      defaultValue = "20",
      description = "answers kept for each question (default: ${DEFAULT-VALUE})")
  private int best;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SpanOptions() {}

  int maxLength() {
    return maxLength;
  }

  /** Cuts texts for a model. */
  SpanEncoder encoder(Classifier model) {
    int longest = Math.min(maxLength, model.model().config().maxPositions());
    return new SpanEncoder(model.tokenizer(), longest, stride, maxQuestion);
  }

  /** Answers with a model. */
  SpanPredictor predictor(Classifier model) {
    return new SpanPredictor(model, encoder(model), best, maxAnswer);
  }

  /** All values, to compare runs. */
  @Override
  public String toString() {
    return "window %d, stride %d, question %d, answer %d, best %d"
        .formatted(maxLength, stride, maxQuestion, maxAnswer, best);
  }
}
