package dev.bulwark.robust.cli;

import dev.bulwark.robust.data.Corpus;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.data.Rows;
import dev.bulwark.robust.eval.AnomalyDetection;
import dev.bulwark.robust.eval.Confidence;
import dev.bulwark.robust.eval.Evaluator;
import dev.bulwark.robust.eval.Perspectives;
import dev.bulwark.robust.eval.Perspectives.Anomalous;
import dev.bulwark.robust.eval.Perspectives.Labelled;
import dev.bulwark.robust.eval.Perspectives.Side;
import dev.bulwark.robust.eval.PerspectivesTable;
import dev.bulwark.robust.eval.TemperatureFolds.Divisor;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Evaluates a classifier from many sides. */
@Command(
    name = "perspectives",
    description = {
      "Evaluates a trained classifier from many sides (RoAST): accuracy and calibration on data"
          + " like that in training, on shifted and on adversarial data, and whether it notices"
          + " anomalies.",
      "Every option that names files takes several."
    })
final class PerspectivesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "a trained classifier: model folder or output folder of a run")
  private String model;

  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "labelled data like that in training; anomalies are told from the last of them")
  private List<Path> in;

  @Option(
      names = "--shift",
      arity = "1..*",
      paramLabel = "FILE",
      description = "labelled data of the same task from elsewhere")
  private List<Path> shifted = new ArrayList<>();

  @Option(
      names = "--adversarial",
      arity = "1..*",
      paramLabel = "FILE",
      description = "labelled data made to mislead")
  private List<Path> adversarial = new ArrayList<>();

  @Option(
      names = "--anomaly",
      arity = "1..*",
      paramLabel = "FILE",
      description = "texts of another kind; only the text column is read, or a .txt file's lines")
  private List<Path> anomalies = new ArrayList<>();

  @Mixin private DataOptions columns;

  @Option(
      names = "--ece-divisor",
      defaultValue = "paper",
      description =
          "what logits are divided by in the ten folds: the temperature (paper), or its number in"
              + " the list (released), which compares with numbers of RoAST's code only (default:"
              + " ${DEFAULT-VALUE})")
  private Divisor divisor;

  @Option(
      names = "--merge",
      paramLabel = "LABEL=LABEL",
      description =
          "in sets where the first label never occurs, a prediction of it counts as the second"
              + " (RoAST: neutral=contradiction)")
  private Map<String, String> merge = new TreeMap<>();

  @Option(
      names = "--max-length",
      defaultValue = "512",
      description = "longest text in tokens (default: ${DEFAULT-VALUE})")
  private int maxLength;

  @Option(
      names = "--seed",
      defaultValue = "42",
      description = "shuffles each set into ten folds (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "an option of the model's method to predict with, such as its number of votes")
  private Map<String, String> set = new TreeMap<>();

  @Option(names = "--out", paramLabel = "DIR", description = "also write perspectives.json there")
  private @Nullable Path out;

  @Mixin private RunOptions run;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  PerspectivesCommand() {}

  /** A labelled file, read. */
  private record Set(Path file, Side side, List<Example> examples) {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    ModelFolder.Trained trained = ModelFolder.trained(model, set);
    merge.forEach((from, to) -> {
      index(trained.labels(), from);
      index(trained.labels(), to);
    });
    List<Set> labelled = new ArrayList<>(); // everything is read before anything is computed
    read(labelled, in, Side.IN_DISTRIBUTION, trained);
    read(labelled, shifted, Side.SHIFTED, trained);
    read(labelled, adversarial, Side.ADVERSARIAL, trained);
    List<List<Example>> strange = new ArrayList<>();
    for (Path file : anomalies) {
      strange.add(texts(file));
    }
    Predictor predictor = trained.predictor(maxLength);
    List<Labelled> sets = new ArrayList<>();
    double[] ordinary = new double[0];
    for (Set s : labelled) {
      float[][] p = probabilities(predictor, s.file(), s.examples());
      sets.add(
          Labelled.of(
              s.file().toString(),
              s.side(),
              trained.labels().names(),
              Evaluator.labels(s.examples()),
              merged(s.examples(), p, trained.labels()),
              divisor,
              Rng.seed(seed).split("folds").split(sets.size())));
      if (s.side() == Side.IN_DISTRIBUTION) {
        ordinary = Confidence.anomalyScores(Confidence.logits(p));
      }
    }
    List<Anomalous> found = new ArrayList<>();
    for (int i = 0; i < strange.size(); i++) {
      float[][] p = probabilities(predictor, anomalies.get(i), strange.get(i));
      double[] scores = Confidence.anomalyScores(Confidence.logits(p));
      found.add(
          new Anomalous(
              anomalies.get(i).toString(), p.length, AnomalyDetection.of(ordinary, scores)));
    }
    report(Perspectives.of(sets, found));
    return 0;
  }

  private void read(List<Set> to, List<Path> files, Side side, ModelFolder.Trained trained)
      throws IOException {
    for (Path file : files) {
      to.add(new Set(file, side, columns.corpus(file).readAll(trained.labels())));
    }
  }

  private float[][] merged(List<Example> examples, float[][] predicted, Labels labels) {
    float[][] p = predicted;
    for (Map.Entry<String, String> m : merge.entrySet()) {
      int from = index(labels, m.getKey());
      p = Perspectives.merged(Evaluator.labels(examples), p, from, index(labels, m.getValue()));
    }
    return p;
  }

  private static int index(Labels labels, String name) {
    return labels
        .index(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--merge names the label '" + name + "'; the model has " + labels.names()));
  }

  /** Texts as examples whose label is not looked at. */
  private static List<Example> texts(Path file) throws IOException {
    List<Example> all = new ArrayList<>();
    try (Rows rows = Corpus.of(file).unlabelled().rows()) {
      rows.forEachRemaining(row -> all.add(new Example(row.text(), null, 0)));
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(file + ": there is no text in it");
    }
    return all;
  }

  private float[][] probabilities(Predictor predictor, Path file, List<Example> examples) {
    String name = "reading " + file.getFileName();
    try (Console console = new Console(name, "texts", examples.size(), run.quiet())) {
      return Evaluator.probabilities(predictor, examples, done -> console.at(done, ""));
    }
  }

  private void report(Perspectives p) throws IOException {
    spec.commandLine().getOut().print(PerspectivesTable.render(p));
    spec.commandLine().getOut().flush();
    if (out != null) {
      JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
      Files.createDirectories(out);
      Path file = out.resolve("perspectives.json");
      AtomicFile.writeString(file, json.writeValueAsString(p) + "\n");
      Console.say("report: %s", file);
    }
  }
}
