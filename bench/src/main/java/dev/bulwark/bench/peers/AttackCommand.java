package dev.bulwark.bench.peers;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.attack.AttackRun;
import dev.bulwark.robust.attack.AttackRunner;
import dev.bulwark.robust.attack.AttackSettings;
import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.recipe.TextFooler;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.predict.MeanPooledEncoder;
import dev.bulwark.robust.predict.ModelPredictor;
import dev.bulwark.robust.predict.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times an attack, end to end; the number of queries is the same on every machine. */
@Command(
    name = "attack",
    description = {
      "Fine-tunes MiniLM for one epoch, attacks the next sentences with TextFooler (published"
          + " settings, bundled substitutes, MiniLM as the judge of similarity), and prints the time"
          + " of each run of the attack. It has no peer: the work stands beside the time.",
      ""
    })
final class AttackCommand implements Callable<Integer> {
  private static final int BATCH = 32;
  private static final int LONGEST = 128;

  @Spec private CommandSpec spec;

  @Mixin private SentenceOptions sentences;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description = "sentences attacked, those after the ones trained on (default: 100)")
  private int examples = 100;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "counted runs of the attack, after one that is not (default: 3)")
  private int rounds = 3;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  AttackCommand() {}

  @Override
  public Integer call() throws IOException {
    if (examples < 1 || rounds < 1 || sentences.count < 1) {
      throw new IllegalArgumentException("numbers of examples, rounds and sentences start at 1");
    }
    Epoch epoch = sentences.epoch();
    String obstacle = epoch.obstacle();
    if (!obstacle.isEmpty()) {
      throw new IllegalArgumentException(obstacle);
    }
    EpochCase training =
        new EpochCase(
            BATCH, Map.of("sst2", epoch.file().toString(), "sentences", epoch.sentences()));
    training.run();
    List<Example> attacked = training.following(examples);
    if (attacked.size() < examples) {
      throw new IllegalArgumentException(
          epoch.file()
              + " has only "
              + attacked.size()
              + " sentences after those trained on; lower --examples or --epoch-sentences");
    }
    Predictor victim = new ModelPredictor(training.classifier(), LONGEST);
    try (Checkpoint judge = Models.open(Epoch.MODEL)) {
      AttackResources resources =
          AttackResources.bundled().withEncoder(new MeanPooledEncoder(judge));
      report(new AttackRunner(victim, resources, AttackSettings.seeded(42)), attacked);
    }
    return 0;
  }

  private void report(AttackRunner runner, List<Example> attacked) {
    PrintWriter out = spec.commandLine().getOut();
    TextFooler recipe = TextFooler.published();
    List<Double> times = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      long start = System.nanoTime();
      AttackRun run = runner.run(recipe, attacked);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (round > 0) {
        times.add(seconds);
      }
      out.printf(Locale.ROOT, "%s: %s%n", round == 0 ? "not counted" : round, line(run, seconds));
      out.flush();
    }
    double median = Result.median(times);
    out.printf(Locale.ROOT, "median %.2f s, %.1f examples/s%n", median, attacked.size() / median);
    out.flush();
  }

  private static String line(AttackRun run, double seconds) {
    long queries = run.outcomes().stream().mapToLong(Outcome::queries).sum();
    return String.format(
        Locale.ROOT,
        "%.2f s, %d queries (%.0f/s), %d texts through the victim, %d through the encoder",
        seconds,
        queries,
        queries / seconds,
        run.work().victimTexts(),
        run.work().encoderTexts());
  }
}
