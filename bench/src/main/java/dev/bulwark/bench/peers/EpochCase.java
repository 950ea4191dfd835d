package dev.bulwark.bench.peers;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batcher;
import dev.bulwark.robust.data.Corpus;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.train.Evaluation;
import dev.bulwark.robust.train.RunStore;
import dev.bulwark.robust.train.TrainListener;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokenises labelled sentences and trains MiniLM on all of them once, as the product does. */
final class EpochCase implements Runnable {
  private static final int LONGEST = 128;
  private static final Evaluation NO_EVALUATION = new Evaluation(0, 0);

  private final TrainSettings settings;
  private final List<Example> all;
  private final List<Example> examples;
  private final Classifier classifier;
  private final Recipe recipe = Methods.recipe("standard", Map.of());

  /**
   * Opens the model and reads the sentences; what is timed begins after that.
   *
   * @param batch examples of a step
   * @param request its fields sst2 and sentences say which examples
   */
  EpochCase(int batch, Map<String, @Nullable Object> request) throws IOException {
    settings = new TrainSettings(1, batch, 2e-5, 0, Decay.CONSTANT, 0.01, 1.0, LONGEST, 0, 0, 42);
    Corpus corpus = Corpus.of(Path.of(String.valueOf(request.get("sst2"))));
    Labels labels = corpus.labels();
    all = corpus.readAll(labels);
    int wanted = (int) Result.number("sentences", request.get("sentences"));
    examples = wanted == 0 ? all : all.subList(0, Math.min(wanted, all.size()));
    try (Checkpoint pretrained = Models.open(Epoch.MODEL)) {
      classifier = Classifier.onTopOf(pretrained, labels, Rng.seed(1));
    }
  }

  @Override
  public void run() {
    Batcher batches =
        new Batcher(
            examples, classifier.inputs(LONGEST), settings.batchSize(), BatchOrder.BY_LENGTH);
    try {
      new Trainer(classifier, recipe, settings)
          .fit(batches, () -> NO_EVALUATION, RunStore.NONE, TrainListener.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model as it is now. */
  Classifier classifier() {
    return classifier;
  }

  /** At most so many sentences after those trained on. */
  List<Example> following(int count) {
    int from = examples.size();
    return all.subList(from, Math.min(all.size(), from + count));
  }
}
