package dev.bulwark.robust.attack;

import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.predict.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Attacks a list of examples, many at a time.
 *
 * <p>Each example's search is sequential code on a virtual thread of its own. Whenever all of them
 * wait for an answer, their questions are put to the victim and the sentence encoder in common
 * batches, sorted by length and each distinct text once (see {@link Lockstep}). As a search only
 * depends on its own scores and its own random stream, results are those of attacking one example
 * after the other. Victim and encoder are only ever called from the thread that called {@code run}.
 */
public final class AttackRunner {
  private final Predictor victim;
  private final AttackResources resources;
  private final AttackSettings settings;

  /**
   * A runner against one victim.
   *
   * @param victim the model under attack
   * @param resources lexicon and models the attacks draw on
   * @param settings seed, budget and sizes
   */
  public AttackRunner(Predictor victim, AttackResources resources, AttackSettings settings) {
    this.victim = victim;
    this.resources = resources;
    this.settings = settings;
  }

  /**
   * Attacks examples without a log.
   *
   * @param recipe the attack
   * @param examples what to attack, gold labels included
   * @return one outcome per example, in order
   * @throws AttackException when the attack on an example breaks off
   */
  public AttackRun run(AttackRecipe recipe, List<Example> examples) {
    try {
      return run(recipe, examples, null, progress -> {});
    } catch (IOException e) {
      throw new IllegalStateException("a run without a log does no input or output", e);
    }
  }

  /**
   * Attacks examples and keeps a log, by which an interrupted run is continued where it was.
   *
   * @param recipe the attack
   * @param examples what to attack, gold labels included
   * @param log file of JSON lines to write or continue, or null for none
   * @param progress told after every finished example, on the calling thread
   * @return one outcome per example, in order
   * @throws IOException when the log cannot be read or written
   * @throws AttackException when the attack on an example breaks off
   * @throws IllegalArgumentException when a label is not one of the victim's classes, or the log is
   *     that of another run
   */
  public AttackRun run(
      AttackRecipe recipe,
      List<Example> examples,
      @Nullable Path log,
      Consumer<AttackProgress> progress)
      throws IOException {
    checkLabels(examples);
    Conductor conductor = new Conductor(recipe, victim, resources, settings);
    Collected collected = new Collected(examples.size(), progress);
    if (log == null) {
      conductor.attack(examples, collected.missing(), collected::add);
    } else {
      OutcomeLog.Header header =
          OutcomeLog.header(conductor.attackName(), recipe, settings, examples);
      try (OutcomeLog open = OutcomeLog.open(log, header)) {
        open.finished().values().forEach(collected::add);
        conductor.attack(
            examples,
            collected.missing(),
            outcome -> {
              open.append(outcome);
              collected.add(outcome);
            });
      }
    }
    return new AttackRun(conductor.attackName(), collected.inOrder(), conductor.work());
  }

  private void checkLabels(List<Example> examples) {
    for (int i = 0; i < examples.size(); i++) {
      int label = examples.get(i).label();
      if (label < 0 || label >= victim.classes()) {
        throw new IllegalArgumentException(
            "example %d has label %d, but the victim knows the classes 0 to %d"
                .formatted(i, label, victim.classes() - 1));
      }
    }
  }

  /** The outcomes so far. */
  private static final class Collected {
    private final @Nullable Outcome[] outcomes;
    private final Consumer<AttackProgress> listener;
    private AttackProgress progress;

    Collected(int total, Consumer<AttackProgress> listener) {
      this.outcomes = new @Nullable Outcome[total];
      this.listener = listener;
      this.progress = new AttackProgress(total, 0, 0, 0);
    }

    void add(Outcome outcome) {
      outcomes[outcome.index()] = outcome;
      progress = progress.plus(outcome.status());
      listener.accept(progress);
    }

    List<Integer> missing() {
      return IntStream.range(0, outcomes.length).filter(i -> outcomes[i] == null).boxed().toList();
    }

    List<Outcome> inOrder() {
      return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
    }
  }
}
