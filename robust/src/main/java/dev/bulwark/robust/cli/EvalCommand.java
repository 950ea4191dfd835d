package dev.bulwark.robust.cli;

import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.eval.Evaluator;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.eval.ModelResult;
import dev.bulwark.robust.eval.Provenance;
import dev.bulwark.robust.eval.Report;
import dev.bulwark.robust.eval.TerminalReport;
import dev.bulwark.robust.predict.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
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

/** Evaluates a classifier on clean text. */
@Command(
    name = "eval",
    description =
        "Evaluates a trained classifier: accuracy with interval, per-class scores, calibration.")
final class EvalCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "a trained classifier: model folder or output folder of a run")
  private String model;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "labelled examples")
  private Path data;

  @Mixin private DataOptions columns;

  @Option(
      names = "--max-length",
      defaultValue = "512",
      description = "longest text in tokens (default: ${DEFAULT-VALUE})")
  private int maxLength;

  @Option(names = "--out", paramLabel = "DIR", description = "also write a report there")
  private @Nullable Path out;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "an option of the model's method to predict with, such as its number of votes")
  private Map<String, String> set = new TreeMap<>();

  @Mixin private CertifyOptions certify;

  @Mixin private RunOptions run;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  EvalCommand() {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    Instant start = Instant.now();
    ModelFolder.Trained trained = ModelFolder.trained(model, set);
    Predictor predictor = trained.predictor(maxLength);
    certify.check(predictor);
    List<Example> examples = columns.corpus(data).readAll(trained.labels());
    float[][] p;
    try (Console console = new Console("evaluating", "examples", examples.size(), run.quiet())) {
      p = Evaluator.probabilities(predictor, examples, done -> console.at(done, ""));
    }
    List<String> classes = trained.labels().names();
    Report report =
        Report.of(
            "Evaluation report",
            "Predictions on clean text.",
            classes,
            List.of(
                ModelResult.of(
                    model, model, classes, Evaluator.labels(examples), p, List.of(), null)),
            List.of(),
            Provenance.here(
                RunOptions.backends(),
                0,
                Map.of(
                    "model",
                    model,
                    "data",
                    data.toString(),
                    "max_length",
                    maxLength,
                    "options",
                    set.toString()),
                List.of(FileDigest.of("data", data)),
                start));
    spec.commandLine()
        .getOut()
        .print(TerminalReport.render(report, TerminalReport.coloursWanted(), 0));
    certify.report(predictor, examples, run.quiet()).forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
    if (out != null) {
      Console.say("report: %s", report.write(out));
    }
    return 0;
  }
}
