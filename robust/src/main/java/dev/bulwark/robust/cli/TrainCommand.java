package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.method.SavedMethod;
import dev.bulwark.robust.method.Setup;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.train.Progress;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainListener;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fine-tunes a classifier. */
@Command(
    name = "train",
    description = {
      "Fine-tunes a pre-trained encoder to classify text.",
      "Writes to the output folder: model/ (a Hugging Face folder with the best epoch),"
          + " metrics.jsonl, run.json, snapshots/ (for --resume)."
    })
final class TrainCommand implements Callable<Integer> {
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
      description = "training data: .tsv, .csv or .jsonl, also with .gz")
  private Path train;

  @Option(
      names = "--dev",
      paramLabel = "FILE",
      description = "development data (default: a tenth of the training data, held out)")
  private @Nullable Path dev;

  @Mixin private DataOptions columns;

  @Option(
      names = "--method",
      defaultValue = "standard",
      description =
          "training method, or several joined by +; see 'bulwark methods' (default:"
              + " ${DEFAULT-VALUE})")
  private String method;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "an option of the method; repeat for more")
  private Map<String, String> set = new TreeMap<>();

  @Mixin private TrainOptions options;

  @Option(
      names = "--seed",
      defaultValue = "42",
      description = "everything random derives from it (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "output folder")
  private Path out;

  @Option(names = "--resume", description = "go on with a run that was stopped or killed")
  private boolean resume;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "options in a YAML or JSON file: names without dashes, options of the method under"
              + " \"set\"; the command line wins")
  @SuppressWarnings("UnusedVariable") // here for --help: ConfigFile reads it before the parser
  private @Nullable Path config;

  @Mixin private RunOptions run;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  TrainCommand() {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    TrainSettings settings = options.settings(seed);
    Recipe recipe = Methods.recipe(method, set);
    Data data = read();
    Classifier classifier;
    Map<String, String> summary;
    try (Checkpoint pretrained = ModelFolder.open(model)) {
      classifier =
          recipe.onTopOf(pretrained, data.labels(), Rng.seed(settings.seed()).split("model"));
      classifier = classifier.with(SavedMethod.note(classifier.config(), method, set));
      summary = summary(settings, pretrained);
    }
    Setup.Adversary adversary =
        AttackOptions.standard()
            .adversary(
                data.labels(),
                settings.maxLength(),
                out.resolve("augment.jsonl"),
                seed,
                run.quiet());
    // Before the folder is made: what does not go together is refused without a trace.
    Trainer trainer = new Trainer(classifier, recipe, settings, Optional.of(adversary));
    try (RunFolder folder = RunFolder.open(out, summary, resume);
        TrainingView view = new TrainingView(method, run.quiet())) {
      if (!run.quiet()) {
        Console.say(
            "%s on %d examples of %d classes, %d for development; %,d parameters; %s",
            method,
            data.train().size(),
            data.labels().size(),
            data.dev().size(),
            classifier.model().parameterCount(),
            RunOptions.engine());
      }
      Progress end = trainer.fit(data.train(), data.dev(), folder, both(folder.metrics(), view));
      Console.say(
          "best dev accuracy %.2f %%; %.1f examples/s; model in %s",
          100 * end.bestAccuracy(), view.rate(), folder.model());
    }
    return 0;
  }

  private record Data(Labels labels, List<Example> train, List<Example> dev) {}

  private Data read() throws IOException {
    var corpus = columns.corpus(train);
    Labels labels = corpus.labels();
    List<Example> all = corpus.readAll(labels);
    if (dev != null) {
      return new Data(labels, all, columns.corpus(dev).readAll(labels));
    }
    int[] order = Rng.seed(seed).split("held out").permutation(all.size());
    int held = Math.max(1, all.size() / 10);
    List<Example> forDev = new ArrayList<>();
    List<Example> forTrain = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      (i < held ? forDev : forTrain).add(all.get(order[i]));
    }
    return new Data(labels, forTrain, forDev);
  }

  /** Everything that decides the result, contents of the files included. */
  private Map<String, String> summary(TrainSettings settings, Checkpoint pretrained)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("model", model);
    all.put("model_digests", pretrained.digests().toString());
    all.put("train", described(train));
    all.put("dev", dev == null ? "a tenth of the training data" : described(dev));
    all.put("columns", columns.toString());
    all.put("method", method);
    all.put("options", new TreeMap<>(set).toString());
    all.putAll(settings.named());
    return all;
  }

  private static String described(Path file) throws IOException {
    return file + ", sha256 " + FileDigest.of("data", file).sha256();
  }

  static TrainListener both(TrainListener a, TrainListener b) {
    return new TrainListener() {
      @Override
      public void onStart(Progress at) {
        a.onStart(at);
        b.onStart(at);
      }

      @Override
      public void onStep(StepReading step) {
        a.onStep(step);
        b.onStep(step);
      }

      @Override
      public void onEpoch(EpochReading epoch) {
        a.onEpoch(epoch);
        b.onEpoch(epoch);
      }
    };
  }
}
