package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.data.DemoData;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.eval.AttackResult;
import dev.bulwark.robust.eval.Evaluator;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.eval.ModelResult;
import dev.bulwark.robust.eval.Provenance;
import dev.bulwark.robust.eval.Report;
import dev.bulwark.robust.eval.TerminalReport;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole walk on bundled data. */
@Command(
    name = "demo",
    description = {
      "The whole walk: fine-tunes a real pre-trained encoder (MiniLM, 83 MB, fetched once) on bundled"
          + " DBpedia sentences, plainly and with FreeLB, attacks both with TextFooler, and writes a"
          + " report.",
      "Takes a few minutes on two cores."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String MODEL = "all-minilm-l6-v2";
  private static final int MAX_LENGTH = 64;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/demo",
      description = "output folder (default: ${DEFAULT-VALUE})")
  private Path out;

  @Option(names = "--seed", defaultValue = "42", description = "default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--epochs",
      defaultValue = "3",
      description = "passes over the training data (default: ${DEFAULT-VALUE})")
  private int epochs;

  @Option(
      names = "--limit",
      defaultValue = "100",
      description = "examples to attack (default: ${DEFAULT-VALUE})")
  private int limit;

  @Mixin private AttackOptions attack;
  @Mixin private RunOptions run;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DemoCommand() {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    Instant start = Instant.now();
    Labels labels = DemoData.train().labels();
    List<Example> train = DemoData.train().readAll(labels);
    List<Example> dev = DemoData.dev().readAll(labels);
    List<Example> test = DemoData.test().readAll(labels);
    AttackResources resources = attack.resources();
    List<ModelResult> results = new ArrayList<>();
    for (Plan plan : plans()) {
      results.add(plan.run(labels, train, dev, test, resources));
    }
    Report report =
        Report.of(
            "Bulwark demo: plain and adversarial fine-tuning under attack",
            "%s fine-tuned on %d DBpedia sentences in %d classes, then attacked with %s."
                .formatted(MODEL, train.size(), labels.size(), attack.recipe().name()),
            labels.names(),
            results,
            List.of(
                "A demonstration: one seed and a small sample. Differences within the intervals"
                    + " mean nothing.",
                "Substitutes come from the bundled counter-fitted neighbour table and WordNet, and"
                    + " MiniLM stands in for the Universal Sentence Encoder, so success rates do not"
                    + " compare with published TextFooler tables."),
            Provenance.here(
                List.of(Backends.current().name()),
                seed,
                config(),
                List.of(
                    digest("training data", "train.tsv"),
                    digest("development data", "dev.tsv"),
                    digest("attacked data", "test.tsv")),
                start));
    Path page = report.write(out);
    spec.commandLine()
        .getOut()
        .print(TerminalReport.render(report, TerminalReport.coloursWanted(), 2));
    spec.commandLine().getOut().flush();
    Console.say("report: %s", page.toAbsolutePath());
    return 0;
  }

  private List<Plan> plans() {
    return List.of(
        new Plan("standard", "plain cross-entropy", Map.of()),
        new Plan(
            "freelb",
            "FreeLB, 2 passes a step",
            Map.of("adv-steps", "2", "adv-lr", "0.3", "adv-init-mag", "0.3")));
  }

  private TrainSettings settings() {
    return new TrainSettings(
        epochs, 32, 2e-4, 0.1, Decay.LINEAR, 0.01, 1.0, MAX_LENGTH, 0, 0, seed);
  }

  private Map<String, Object> config() {
    Map<String, Object> c = new LinkedHashMap<>();
    c.put("model", MODEL);
    c.put("settings", settings().toString());
    plans().forEach(p -> c.put(p.method(), new TreeMap<>(p.options()).toString()));
    c.put("attack", attack.recipe().toString());
    c.put("attacked", limit);
    return c;
  }

  private static FileDigest digest(String role, String file) throws IOException {
    return FileDigest.of(role, "demo/" + file, () -> DemoData.open(file));
  }

  private final class Plan {
    private final String method;
    private final String description;
    private final Map<String, String> options;

    Plan(String method, String description, Map<String, String> options) {
      this.method = method;
      this.description = description;
      this.options = options;
    }

    String method() {
      return method;
    }

    Map<String, String> options() {
      return options;
    }

    /** Trains, measures and attacks one model. */
    ModelResult run(
        Labels labels,
        List<Example> train,
        List<Example> dev,
        List<Example> test,
        AttackResources resources)
        throws IOException {
      Path folder = out.resolve(method);
      try (Checkpoint pretrained = ModelFolder.open(MODEL);
          RunFolder kept = RunFolder.replace(folder, Map.of("demo", config().toString()));
          TrainingView view = new TrainingView(method, run.quiet())) {
        Recipe recipe = Methods.recipe(method, options);
        Classifier classifier = recipe.onTopOf(pretrained, labels, Rng.seed(seed).split("model"));
        new Trainer(classifier, recipe, settings())
            .fit(train, dev, kept, TrainCommand.both(kept.metrics(), view));
        Predictor victim = ModelFolder.trained(folder.toString()).predictor(MAX_LENGTH);
        float[][] clean = Evaluator.probabilities(victim, test, done -> {});
        AttackResult attacked =
            attack.attack(
                method,
                victim,
                resources,
                test.subList(0, Math.min(limit, test.size())),
                folder.resolve("outcomes.jsonl"),
                seed,
                run.quiet());
        return ModelResult.of(
            method,
            description,
            labels.names(),
            Evaluator.labels(test),
            clean,
            List.of(attacked),
            view.curve());
      }
    }
  }
}
