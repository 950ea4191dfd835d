package dev.bulwark.robust.cli;

import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.eval.AttackMetrics;
import dev.bulwark.robust.eval.ModelResult;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Trains and attacks many methods with many seeds, and puts them in one table. */
@Command(
    name = "compare",
    description = {
      "Trains every method of a config file with every seed, attacks each model on the same"
          + " examples, and writes one table of means and ranges.",
      "Can be interrupted at any time: the same command goes on where it stopped, and what is done"
          + " is not done again.",
      "Writes to the output folder: table.md, table.json, and a folder for each model."
    })
final class CompareCommand implements Callable<Integer> {
  private static final String DONE = "figures.json";

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "CONFIG",
      description =
          "YAML or JSON: title, model, data (train, dev, test, train-limit, text, pair, label),"
              + " seeds, settings (options of 'train'), attack (options of 'attack'), limit"
              + " (examples to attack), rows (name, method, set, model, settings, seeds)")
  private Path config;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "output folder")
  private Path out;

  @Option(
      names = "--keep-models",
      description = "keep every trained model (default: figures, metrics and attack logs only)")
  private boolean keepModels;

  @Mixin private RunOptions run;

  private final JsonMapper json =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  CompareCommand() {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    ComparePlan plan = ComparePlan.read(config);
    Experiment.Data data = plan.data().read(plan.limit());
    AttackResources resources = plan.attack().resources();
    CompareTable table = new CompareTable();
    int cells = plan.rows().stream().mapToInt(r -> r.seeds().size()).sum();
    int done = 0;
    // Seed by seed, so that an unfinished comparison has every method in it.
    for (long seed : plan.seeds()) {
      for (ComparePlan.Row row : plan.rows()) {
        if (row.seeds().contains(seed)) {
          Console.say("%d of %d: %s, seed %d", ++done, cells, row.name(), seed);
          table.put(row.name(), seed, cell(plan, row, seed, data, resources));
          write(plan, table);
        }
      }
    }
    if (!keepModels) {
      dropModels(plan);
    }
    spec.commandLine().getOut().print(table.markdown());
    spec.commandLine().getOut().flush();
    Console.say("table: %s", out.resolve("table.md"));
    return 0;
  }

  private Path folder(ComparePlan.Row row, long seed) {
    return out.resolve(row.slug()).resolve("seed-" + seed);
  }

  /** The figures of one model: kept ones if they are there, else made. */
  private CompareTable.Cell cell(
      ComparePlan plan,
      ComparePlan.Row row,
      long seed,
      Experiment.Data data,
      AttackResources resources)
      throws IOException {
    TrainSettings settings = row.settings(seed);
    Map<String, String> options = new TreeMap<>(row.set());
    options.replaceAll((name, value) -> modelOf(plan, row, value, seed));
    Experiment experiment =
        new Experiment(row.name(), row.method(), row.model(), row.method(), options, settings);
    Path folder = folder(row, seed);
    boolean begun = Files.exists(folder.resolve(RunFolder.RUN));
    try (RunFolder kept = RunFolder.open(folder, summary(plan, row, settings), begun);
        TrainingView view = new TrainingView(row.name(), run.quiet())) {
      Path figures = kept.file(DONE);
      if (Files.exists(figures)) {
        return read(figures);
      }
      experiment.train(data, kept, view, plan.attack(), run.quiet());
      ModelResult result =
          experiment.measure(data, kept, view, plan.attack(), resources, run.quiet());
      AttackMetrics m = result.attacks().getFirst().metrics();
      CompareTable.Cell cell =
          new CompareTable.Cell(
              number(result.clean().accuracy().value()),
              data.test().size(),
              number(m.accuracyUnderAttack().value()),
              m.examples(),
              number(m.successRate().value()),
              number(m.meanQueries()),
              result.training() == null ? 0 : result.training().seconds(),
              result.attacks().getFirst().seconds());
      AtomicFile.writeString(figures, json.writeValueAsString(cell) + "\n");
      kept.dropSnapshots();
      return cell;
    }
  }

  private static double number(@Nullable Double value) {
    return value == null ? 0 : value;
  }

  private CompareTable.Cell read(Path figures) throws IOException {
    try {
      return json.readValue(Files.readString(figures), CompareTable.Cell.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          figures + " is damaged; delete it, and its model is measured again", e);
    }
  }

  private String modelOf(ComparePlan plan, ComparePlan.Row row, String value, long seed) {
    if (!value.startsWith("row:")) {
      return value;
    }
    String name = value.substring(4);
    ComparePlan.Row other =
        plan.rows().stream()
            .takeWhile(r -> !r.equals(row))
            .filter(r -> r.name().equals(name) && r.seeds().contains(seed))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    config
                        + ": row '"
                        + row.name()
                        + "' wants the model of row '"
                        + name
                        + "', but no row before it has that name and seed "
                        + seed));
    return folder(other, seed).toString();
  }

  /** Everything that decides a cell's figures. */
  private Map<String, String> summary(ComparePlan plan, ComparePlan.Row row, TrainSettings settings)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("model", row.model());
    all.put("method", row.method());
    all.put("options", new TreeMap<>(row.set()).toString());
    all.put("train_limit", Integer.toString(plan.data().trainLimit()));
    all.put("attack", plan.attack().recipe().toString());
    all.put("attacked", Integer.toString(plan.limit()));
    plan.data().digests().forEach(d -> all.put(d.role() + " " + d.name(), d.sha256()));
    all.putAll(settings.named());
    return all;
  }

  private void write(ComparePlan plan, CompareTable table) throws IOException {
    String note =
        "# %s\n\nMeans over seeds, in brackets the range. %d examples attacked with %s.\n\n"
            .formatted(plan.title(), plan.limit(), plan.attack().recipe().name());
    AtomicFile.writeString(out.resolve("table.md"), note + table.markdown());
    AtomicFile.writeString(out.resolve("table.json"), json.writeValueAsString(table.rows()) + "\n");
  }

  private void dropModels(ComparePlan plan) throws IOException {
    for (ComparePlan.Row row : plan.rows()) {
      for (long seed : row.seeds()) {
        Path model = folder(row, seed).resolve(RunFolder.MODEL);
        if (Files.isDirectory(model)) {
          try (Stream<Path> inside = Files.walk(model)) {
            for (Path p : inside.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(p);
            }
          }
        }
      }
    }
  }
}
