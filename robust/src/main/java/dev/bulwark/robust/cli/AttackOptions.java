package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.robust.attack.AttackRecipe;
import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.attack.AttackRun;
import dev.bulwark.robust.attack.AttackRunner;
import dev.bulwark.robust.attack.AttackSettings;
import dev.bulwark.robust.attack.Budget;
import dev.bulwark.robust.attack.Status;
import dev.bulwark.robust.attack.recipe.Pwws;
import dev.bulwark.robust.attack.recipe.TextFooler;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.eval.AttackResult;
import dev.bulwark.robust.lexicon.WordVectors;
import dev.bulwark.robust.method.Setup;
import dev.bulwark.robust.predict.MeanPooledEncoder;
import dev.bulwark.robust.predict.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How examples are attacked. */
final class AttackOptions {
  @Option(
      names = "--recipe",
      defaultValue = "textfooler",
      description = "attack: textfooler or pwws (default: ${DEFAULT-VALUE})")
  private String recipe;

  @Option(
      names = "--mode",
      defaultValue = "textattack",
      description = "whose code TextFooler follows: ${COMPLETION-CANDIDATES}")
  private TextFooler.Mode mode;

  @Option(
      names = "--pwws-mode",
      defaultValue = "rift",
      description =
          "whose substitutes PWWS takes: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Pwws.Mode pwwsMode;

  @Option(
      names = "--candidates",
      defaultValue = "50",
      description = "substitutes tried per word (default: ${DEFAULT-VALUE})")
  private int candidates;

  @Option(
      names = "--min-cosine",
      defaultValue = "0.5",
      description = "smallest cosine of word and substitute, with --vectors (default: 0.5)")
  private double minCosine;

  @Option(
      names = "--min-similarity",
      defaultValue = "0.840845",
      description =
          "smallest angular similarity of the words around a change; 0: no check (default:"
              + " ${DEFAULT-VALUE})")
  private double minSimilarity;

  @Option(
      names = "--encoder",
      defaultValue = "all-minilm-l6-v2",
      description = "sentence encoder that judges similarity (default: ${DEFAULT-VALUE})")
  private String encoder;

  @Option(
      names = "--vectors",
      paramLabel = "FILE",
      description =
          "word vectors in text form, such as the published counter-fitted ones (default: the"
              + " bundled neighbour table and WordNet)")
  private @Nullable Path vectors;

  @Option(names = "--max-queries", description = "limit per example (default: none)")
  private @Nullable Integer maxQueries;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  AttackOptions() {}

  /** The attack asked for. */
  AttackRecipe recipe() {
    return switch (recipe.toLowerCase(Locale.ROOT)) {
      case "textfooler" -> new TextFooler(mode, candidates, minCosine, minSimilarity);
      case "pwws" -> new Pwws(pwwsMode, candidates);
      default ->
          throw new IllegalArgumentException(
              "no attack named '" + recipe + "'; there are: textfooler, pwws");
    };
  }

  /** What attacks draw on. */
  AttackResources resources() throws IOException {
    AttackResources r = AttackResources.bundled();
    if (vectors != null) {
      r = r.withSubstitutions(WordVectors.read(vectors).nearest(candidates, minCosine));
    }
    if (minSimilarity > 0) {
      try (Checkpoint c = ModelFolder.open(encoder)) {
        r = r.withEncoder(new MeanPooledEncoder(c));
      }
    }
    return r;
  }

  /** The options that nobody set. */
  static AttackOptions standard() {
    AttackOptions options = new AttackOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs();
    return options;
  }

  /** Attacks for methods that train on attacks, with a log so that a stopped attack goes on. */
  Setup.Adversary adversary(Labels labels, int maxLength, Path log, long seed, boolean quiet) {
    return (name, examples) -> {
      ModelFolder.Trained victim = ModelFolder.trained(name);
      if (!victim.labels().equals(labels)) {
        throw new IllegalArgumentException(
            name + " tells " + victim.labels() + " apart, the training data " + labels);
      }
      Predictor predictor = victim.predictor(maxLength);
      return attack(name, predictor, resources(), examples, log, seed, quiet).outcomes().stream()
          .filter(o -> o.status() == Status.SUCCESS)
          .map(o -> new Example(o.perturbed().text(), o.perturbed().pair(), o.label()))
          .toList();
    };
  }

  /** Attacks a victim, going on where the log ends. */
  AttackResult attack(
      String name,
      Predictor victim,
      AttackResources resources,
      List<Example> examples,
      Path log,
      long seed,
      boolean quiet)
      throws IOException {
    AttackSettings settings = AttackSettings.seeded(seed).withProvenance(name);
    if (maxQueries != null) {
      settings = settings.withBudget(new Budget(maxQueries));
    }
    long start = System.nanoTime();
    AttackRecipe asked = recipe();
    try (Console console = new Console("attacking " + name, "examples", examples.size(), quiet)) {
      AttackRun run =
          new AttackRunner(victim, resources, settings)
              .run(
                  asked,
                  examples,
                  log,
                  p ->
                      console.at(
                          p.done(),
                          p.succeeded()
                              + " broken, "
                              + p.failed()
                              + " held, "
                              + p.skipped()
                              + " wrong before"));
      return AttackResult.of(run.attack(), run.outcomes(), (System.nanoTime() - start) / 1e9);
    }
  }
}
