package dev.bulwark.robust.cli;

import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.data.DemoData;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.eval.ModelResult;
import dev.bulwark.robust.eval.Provenance;
import dev.bulwark.robust.eval.Report;
import dev.bulwark.robust.eval.TerminalReport;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainSettings;
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
    List<Example> test = DemoData.test().readAll(labels);
    Experiment.Data data =
        new Experiment.Data(
            labels,
            DemoData.train().readAll(labels),
            DemoData.dev().readAll(labels),
            test,
            test.subList(0, Math.min(limit, test.size())));
    AttackResources resources = attack.resources();
    List<ModelResult> results = new ArrayList<>();
    for (Experiment plan : plans()) {
      results.add(run(plan, data, resources));
    }
    Report report =
        Report.of(
            "Bulwark demo: plain and adversarial fine-tuning under attack",
            "%s fine-tuned on %d DBpedia sentences in %d classes, then attacked with %s."
                .formatted(MODEL, data.train().size(), labels.size(), attack.recipe().name()),
            labels.names(),
            results,
            List.of(
                "A demonstration: one seed and a small sample. Differences within the intervals"
                    + " mean nothing.",
                "Substitutes come from the bundled counter-fitted neighbour table and WordNet, and"
                    + " MiniLM stands in for the Universal Sentence Encoder, so success rates do not"
                    + " compare with published TextFooler tables."),
            Provenance.here(
                RunOptions.backends(),
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

  private List<Experiment> plans() {
    return List.of(
        plan("standard", "plain cross-entropy", Map.of()),
        plan(
            "freelb",
            "FreeLB, 2 passes a step",
            Map.of("adv-steps", "2", "adv-lr", "0.3", "adv-init-mag", "0.3")));
  }

  private Experiment plan(String method, String description, Map<String, String> options) {
    return new Experiment(method, description, MODEL, method, options, settings());
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

  /** Trains, measures and attacks one model. */
  private ModelResult run(Experiment plan, Experiment.Data data, AttackResources resources)
      throws IOException {
    try (RunFolder folder =
            RunFolder.replace(out.resolve(plan.name()), Map.of("demo", config().toString()));
        TrainingView view = new TrainingView(plan.name(), run.quiet())) {
      plan.train(data, folder, view, attack, run.quiet());
      return plan.measure(data, folder, view, attack, resources, run.quiet());
    }
  }
}
