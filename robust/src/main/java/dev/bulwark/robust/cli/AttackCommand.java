package dev.bulwark.robust.cli;

import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.data.Corpus;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.eval.AttackResult;
import dev.bulwark.robust.eval.Evaluator;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.eval.ModelResult;
import dev.bulwark.robust.eval.Provenance;
import dev.bulwark.robust.eval.Report;
import dev.bulwark.robust.eval.TerminalReport;
import dev.bulwark.robust.predict.Predictor;
import java.io.IOException;
import java.nio.file.Files;
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

/** Attacks classifiers and reports. */
@Command(
    name = "attack",
    description = {
      "Attacks one or more trained classifiers on the same examples and compares them.",
      "Writes report.html, report.md, report.json and a log of every outcome to the output folder;"
          + " the same command goes on with an interrupted attack."
    })
final class AttackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "a trained classifier; repeat to compare several, the first is the baseline")
  private List<String> models;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "labelled examples to attack")
  private Path data;

  @Mixin private DataOptions columns;

  @Option(
      names = "--limit",
      defaultValue = "200",
      description = "attack so many examples, from the first; 0: all (default: ${DEFAULT-VALUE})")
  private int limit;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "an option of the model's method to predict with, such as its number of votes")
  private Map<String, String> set = new TreeMap<>();

  @Mixin private AttackOptions attack;

  @Option(
      names = "--max-length",
      defaultValue = "512",
      description = "longest text in tokens (default: ${DEFAULT-VALUE})")
  private int maxLength;

  @Option(names = "--seed", defaultValue = "42", description = "default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "output folder")
  private Path out;

  @Mixin private RunOptions run;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  AttackCommand() {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    if (limit < 0) {
      throw new IllegalArgumentException("--limit is " + limit + "; it must be 0 or more");
    }
    Instant start = Instant.now();
    AttackResources resources = attack.resources();
    Corpus corpus = columns.corpus(data);
    Files.createDirectories(out);
    List<ModelResult> results = new ArrayList<>();
    List<FileDigest> files = new ArrayList<>(List.of(FileDigest.of("attacked data", data)));
    List<String> classes = List.of();
    for (String name : models) {
      ModelFolder.Trained trained = ModelFolder.trained(name, set);
      files.addAll(ModelFolder.digests(name));
      if (!classes.isEmpty() && !classes.equals(trained.labels().names())) {
        throw new IllegalArgumentException(
            name
                + " tells "
                + trained.labels()
                + " apart, the models before it "
                + classes
                + "; only models of one task compare");
      }
      classes = trained.labels().names();
      List<Example> all = corpus.readAll(trained.labels());
      Predictor victim = trained.predictor(maxLength);
      float[][] clean = Evaluator.probabilities(victim, all, done -> {});
      List<Example> attacked = limit == 0 ? all : all.subList(0, Math.min(limit, all.size()));
      Path log = out.resolve("outcomes-" + results.size() + ".jsonl");
      AttackResult broken =
          attack.attack(name, victim, resources, attacked, log, seed, run.quiet());
      results.add(
          ModelResult.of(name, name, classes, Evaluator.labels(all), clean, List.of(broken), null));
    }
    Report report =
        Report.of(
            "Attack report",
            "Accuracy before and under a " + attack.recipe().name() + " attack.",
            classes,
            results,
            List.of(),
            Provenance.here(RunOptions.backends(), seed, config(), files, start));
    Path page = report.write(out);
    spec.commandLine()
        .getOut()
        .print(TerminalReport.render(report, TerminalReport.coloursWanted(), 2));
    spec.commandLine().getOut().flush();
    Console.say("report: %s", page);
    return 0;
  }

  private Map<String, Object> config() {
    Map<String, Object> c = new LinkedHashMap<>();
    c.put("models", models);
    c.put("data", data.toString());
    c.put("limit", limit);
    c.put("attack", attack.recipe().toString());
    c.put("max_length", maxLength);
    c.put("options", set.toString());
    return c;
  }
}
