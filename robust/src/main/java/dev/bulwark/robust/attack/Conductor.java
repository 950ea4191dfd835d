package dev.bulwark.robust.attack;

import dev.bulwark.robust.attack.Lockstep.Desk;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.lexicon.SentenceEncoder;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Starts the searches of a run, a bounded number at a time, and serves them round by round. */
final class Conductor {
  private static final Comparator<TextInput> INPUTS =
      Comparator.comparingInt(Conductor::length)
          .thenComparing(TextInput::text)
          .thenComparing(TextInput::pair, Comparator.nullsFirst(Comparator.naturalOrder()));
  private static final Comparator<String> TEXTS =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  /** The end of one search: an outcome, or why there is none. */
  private record End(int index, @Nullable Outcome outcome, @Nullable Throwable failure) {}

  /** Takes finished examples. */
  @FunctionalInterface
  interface Sink {
    void accept(Outcome outcome) throws IOException;
  }

  private final Lockstep lockstep = new Lockstep();
  private final Desk<TextInput, float[]> victimDesk;
  private final Desk<String, float[]> encoderDesk;
  private final ExampleAttack searches;
  private final int inFlight;
  private final ConcurrentLinkedQueue<End> ends = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  Conductor(
      AttackRecipe recipe, Predictor victim, AttackResources resources, AttackSettings settings) {
    int batch = settings.batchSize();
    SentenceEncoder encoder = resources.encoder().orElse(null);
    victimDesk = lockstep.desk("victim", victim::predict, INPUTS, batch);
    encoderDesk =
        lockstep.desk(
            "sentence encoder",
            texts -> encoder == null ? new float[0][] : encoder.encode(texts),
            TEXTS,
            batch);
    SentenceEncoder shared =
        encoder == null ? null : texts -> encoderDesk.ask(texts).toArray(float[][]::new);
    Attack attack = recipe.build(shared == null ? resources : resources.withEncoder(shared));
    searches = new ExampleAttack(attack, atDesk(victim.classes()), shared, settings);
    inFlight = settings.inFlight();
  }

  private Predictor atDesk(int classes) {
    return new Predictor() {
      @Override
      public int classes() {
        return classes;
      }

      @Override
      public float[][] predict(List<TextInput> texts) {
        return victimDesk.ask(texts).toArray(float[][]::new);
      }
    };
  }

  /**
   * Attacks the examples of these numbers; the sink sees outcomes as they come, in a fixed order.
   */
  void attack(List<Example> examples, List<Integer> numbers, Sink sink) throws IOException {
    try {
      Iterator<Integer> waiting = numbers.iterator();
      int live = 0;
      do {
        for (; live < inFlight && waiting.hasNext(); live++) {
          int index = waiting.next();
          start(index, examples.get(index));
        }
        lockstep.awaitQuiet();
        int ended = collect(sink);
        live -= ended;
        if (ended == 0 || !waiting.hasNext()) {
          lockstep.serve();
        }
      } while (live > 0 || waiting.hasNext());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException)
          new CancellationException("the attack run was interrupted").initCause(e);
    } finally {
      lockstep.close();
      threads.forEach(Conductor::join);
    }
  }

  private void start(int index, Example example) {
    threads.add(
        lockstep.start(
            "attack-" + index,
            () -> {
              try {
                ends.add(new End(index, searches.run(index, example), null));
              } catch (Throwable e) { // whatever it is, the conductor's thread has to see it
                ends.add(new End(index, null, e));
              }
            }));
  }

  private int collect(Sink sink) throws IOException {
    List<End> ended = new ArrayList<>();
    for (End e; (e = ends.poll()) != null; ) {
      ended.add(e);
    }
    ended.sort(Comparator.comparingInt(End::index));
    Throwable failure = null;
    int failed = -1;
    for (End e : ended) {
      if (e.outcome() != null) {
        sink.accept(e.outcome());
      } else if (failure == null) {
        failure = e.failure();
        failed = e.index();
      }
    }
    if (failure != null) {
      throw new AttackException(searches.attack().name(), failed, failure);
    }
    threads.removeIf(t -> !t.isAlive());
    return ended.size();
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  AttackRun.Work work() {
    return new AttackRun.Work(
        lockstep.rounds(),
        victimDesk.texts(),
        victimDesk.batches(),
        encoderDesk.texts(),
        encoderDesk.batches());
  }

  String attackName() {
    return searches.attack().name();
  }

  private static int length(TextInput input) {
    return input.text().length() + (input.pair() == null ? 0 : input.pair().length());
  }
}
