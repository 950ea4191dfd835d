package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.robust.data.SpanBatcher;
import dev.bulwark.robust.data.SpanFeature;
import dev.bulwark.robust.data.SpanQuestion;
import dev.bulwark.robust.data.SquadFile;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.eval.SpanMetrics;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.method.SavedMethod;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.SpanModels;
import dev.bulwark.robust.predict.SpanPredictor;
import dev.bulwark.robust.train.Evaluation;
import dev.bulwark.robust.train.Progress;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fine-tunes a model to answer questions. */
@Command(
    name = "train-qa",
    description = {
      "Fine-tunes a pre-trained encoder to answer questions with a span of a text (SQuAD 1.1).",
      "Writes the same files as 'bulwark train'; the epoch with the best F1 is kept."
    })
final class TrainQaCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      defaultValue = "all-minilm-l6-v2",
      description =
          "pre-trained encoder: a Hugging Face folder, a jar, Maven coordinates or a short name"
              + " (default: ${DEFAULT-VALUE})")
  private String model;

  @Option(
      names = "--train",
      required = true,
      paramLabel = "FILE",
      description = "training questions: SQuAD 1.1 JSON, also with .gz")
  private Path train;

  @Option(
      names = "--dev",
      required = true,
      paramLabel = "FILE",
      description = "development questions")
  private Path dev;

  @Option(
      names = "--method",
      defaultValue = "standard",
      description =
          "training method, or several joined by +, that works with any head, such as freelb or"
              + " pgd (default: ${DEFAULT-VALUE})")
  private String method;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "an option of the method; repeat for more")
  private Map<String, String> set = new TreeMap<>();

  @Mixin private OptimizerOptions optimizer;

  @Option(
      names = "--seed",
      defaultValue = "42",
      description = "everything random derives from it (default: ${DEFAULT-VALUE})")
  private long seed;

  @Mixin private SpanOptions spans;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "output folder")
  private Path out;

  @Option(names = "--resume", description = "go on with a run that was stopped or killed")
  private boolean resume;

  @Mixin private RunOptions run;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  TrainQaCommand() {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    TrainSettings settings = optimizer.settings(spans.maxLength(), seed);
    Recipe recipe = Methods.recipe(method, set);
    if (recipe.maker().isPresent() || recipe.serving().isPresent()) {
      throw new IllegalArgumentException(
          method
              + " brings a classifier or a way to classify of its own, and cannot train a model"
              + " that answers questions; take another method");
    }
    List<SpanQuestion> questions = SquadFile.read(train);
    List<SpanQuestion> held = SquadFile.read(dev);
    Classifier answering;
    Map<String, String> summary;
    try (Checkpoint pretrained = ModelFolder.open(model)) {
      answering = SpanModels.onTopOf(pretrained, Rng.seed(settings.seed()).split("model"));
      answering = answering.with(SavedMethod.note(answering.config(), method, set));
      summary = summary(settings, pretrained);
    }
    List<SpanFeature> windows = spans.encoder(answering).features(questions);
    SpanBatcher batches =
        new SpanBatcher(windows, answering.tokenizer().padId(), settings.batchSize());
    SpanPredictor predictor = spans.predictor(answering);
    Trainer trainer = new Trainer(answering, recipe, settings);
    try (RunFolder folder = RunFolder.open(out, summary, resume);
        TrainingView view = new TrainingView(method, "F1", run.quiet())) {
      if (!run.quiet()) {
        Console.say(
            "%s on %d questions in %d windows, %d for development; %,d parameters; %s",
            method,
            questions.size(),
            windows.size(),
            held.size(),
            answering.model().parameterCount(),
            RunOptions.engine());
      }
      Progress end =
          trainer.fit(
              batches,
              () -> evaluate(predictor, held),
              folder,
              TrainCommand.both(folder.metrics(), view));
      Console.say(
          "best dev F1 %.2f %%; %.1f windows/s; model in %s",
          100 * end.bestAccuracy(), view.rate(), folder.model());
    }
    return 0;
  }

  /** F1 of the questions as asked; of their variants if the set has nothing else. */
  private static Evaluation evaluate(SpanPredictor predictor, List<SpanQuestion> held) {
    SpanPredictor.Answers found = predictor.answer(held, done -> {});
    SpanMetrics metrics = SpanMetrics.of(held, found.texts());
    Double f1 = metrics.f1() != null ? metrics.f1() : metrics.adversarialF1();
    return new Evaluation(f1 == null ? 0 : f1 / 100, found.loss());
  }

  private Map<String, String> summary(TrainSettings settings, Checkpoint pretrained)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("task", "question answering");
    all.put("model", model);
    all.put("model_digests", pretrained.digests().toString());
    all.put("train", train + ", sha256 " + FileDigest.of("data", train).sha256());
    all.put("dev", dev + ", sha256 " + FileDigest.of("data", dev).sha256());
    all.put("spans", spans.toString());
    all.put("method", method);
    all.put("options", new TreeMap<>(set).toString());
    all.putAll(settings.named());
    return all;
  }
}
