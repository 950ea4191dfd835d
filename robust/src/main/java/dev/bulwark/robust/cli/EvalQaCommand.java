package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.robust.data.SpanQuestion;
import dev.bulwark.robust.data.SquadFile;
import dev.bulwark.robust.eval.SpanMetrics;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.SpanAnswer;
import dev.bulwark.robust.predict.SpanModels;
import dev.bulwark.tensor.io.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Evaluates a model that answers questions. */
@Command(
    name = "eval-qa",
    description = {
      "Evaluates a model that answers questions: exact match and F1 as SQuAD 1.1 has them.",
      "In an AddSent set (ids with a dash are variants) also those of each question's worst variant."
    })
final class EvalQaCommand implements Callable<Integer> {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "a model trained with train-qa: model folder or output folder of a run")
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "questions: SQuAD 1.1 JSON, also with .gz")
  private Path data;

  @Mixin private SpanOptions spans;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "also write scores.json, predictions.json and nbest.json there")
  private @Nullable Path out;

  @Mixin private RunOptions run;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  EvalQaCommand() {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    List<SpanQuestion> questions = SquadFile.read(data);
    Classifier answering;
    try (Checkpoint c = ModelFolder.open(model)) {
      answering = SpanModels.open(c);
    }
    List<List<SpanAnswer>> answers;
    try (Console console = new Console("answering", "questions", questions.size(), run.quiet())) {
      answers =
          spans.predictor(answering).answer(questions, done -> console.at(done, "")).answers();
    }
    SpanMetrics metrics =
        SpanMetrics.of(questions, answers.stream().map(a -> a.getFirst().text()).toList());
    print(metrics);
    if (out != null) {
      write(out, questions, answers, metrics);
      Console.say("scores: %s", out.resolve("scores.json"));
    }
    return 0;
  }

  private void print(SpanMetrics m) {
    PrintWriter to = spec.commandLine().getOut();
    to.printf("%-28s %10s %12s %8s%n", "", "questions", "exact match", "F1");
    to.printf(
        "%-28s %10d %12s %8s%n", "as asked", m.questions(), percent(m.exact()), percent(m.f1()));
    if (m.variants() > 0) {
      to.printf(
          "%-28s %10d %12s %8s%n",
          "worst of " + m.variants() + " variants",
          m.questions(),
          percent(m.adversarialExact()),
          percent(m.adversarialF1()));
    }
    to.flush();
  }

  private static String percent(@Nullable Double value) {
    return value == null ? "–" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static void write(
      Path folder, List<SpanQuestion> questions, List<List<SpanAnswer>> answers, SpanMetrics m)
      throws IOException {
    Map<String, String> predictions = new LinkedHashMap<>();
    Map<String, List<SpanAnswer>> best = new LinkedHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      predictions.put(questions.get(i).id(), answers.get(i).getFirst().text());
      best.put(questions.get(i).id(), answers.get(i));
    }
    Files.createDirectories(folder);
    AtomicFile.writeString(folder.resolve("predictions.json"), json(predictions));
    AtomicFile.writeString(folder.resolve("nbest.json"), json(best));
    AtomicFile.writeString(folder.resolve("scores.json"), json(m));
  }

  private static String json(Object value) {
    return JSON.writeValueAsString(value) + "\n";
  }
}
