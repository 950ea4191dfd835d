package dev.bulwark.robust.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Lets many sequential searches, each on its own virtual thread, share the batches of a few models.
 *
 * <p>A search that asks a {@link Desk} waits for its answer. When every search waits or has ended,
 * the conductor, which is the one thread that calls models, serves all open questions at once. What
 * a round holds follows from the searches alone, never from the order in which threads ran, so
 * rounds and batches are the same in every run.
 */
final class Lockstep {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quiet = lock.newCondition();
  private final List<Desk<?, ?>> desks = new ArrayList<>();
  private int running;
  private boolean closed;
  private long rounds;

  /** Opens a desk; before searches start. */
  <Q, A> Desk<Q, A> desk(
      String name, Function<List<Q>, A[]> model, Comparator<Q> order, int batchSize) {
    Desk<Q, A> desk = new Desk<>(name, model, order, batchSize);
    desks.add(desk);
    return desk;
  }

  /** Runs a search beside the others. The body must not throw. Conductor only. */
  Thread start(String name, Runnable search) {
    locked(() -> running++);
    return Thread.ofVirtual()
        .name(name)
        .start(() -> {
          try {
            search.run();
          } finally {
            locked(this::pause);
          }
        });
  }

  /** Waits until every search waits for an answer or has ended. Conductor only. */
  void awaitQuiet() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (running > 0) {
        quiet.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Answers every open question; at a quiet moment. Conductor only.
   *
   * <p>No search is woken before all desks have been served: one that runs on would ask within the
   * same round.
   */
  void serve() {
    List<Runnable> wakeUps = new ArrayList<>();
    for (Desk<?, ?> desk : desks) {
      desk.serve(wakeUps);
    }
    if (!wakeUps.isEmpty()) {
      rounds++;
      desks.forEach(Desk::clear);
      locked(() -> running += wakeUps.size());
      wakeUps.forEach(Runnable::run);
    }
  }

  /** Ends all waiting searches with a CancellationException, and those that would ask later. */
  void close() {
    locked(() -> closed = true);
    desks.forEach(Desk::cancel);
  }

  long rounds() {
    return rounds;
  }

  private void pause() {
    running--;
    if (running == 0) {
      quiet.signalAll();
    }
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /** Where one model is asked. Questions must have a sensible equals. */
  final class Desk<Q, A> {
    private record Ticket<Q, A>(List<Q> questions, CompletableFuture<List<A>> answers) {}

    private final String name;
    private final Function<List<Q>, A[]> model;
    private final Comparator<Q> order;
    private final int batchSize;
    private List<Ticket<Q, A>> open = new ArrayList<>();
    private long texts;
    private long batches;

    private Desk(String name, Function<List<Q>, A[]> model, Comparator<Q> order, int batchSize) {
      this.name = name;
      this.model = model;
      this.order = order;
      this.batchSize = batchSize;
    }

    /** Asks, and waits for the round in which all others have asked too. Searches only. */
    List<A> ask(List<Q> questions) {
      Ticket<Q, A> ticket = new Ticket<>(List.copyOf(questions), new CompletableFuture<>());
      locked(() -> {
        if (closed) {
          throw new CancellationException("the attack run was ended");
        }
        open.add(ticket);
        pause();
      });
      return ticket.answers().join();
    }

    /** Questions put to the model, each distinct one of a round once. */
    long texts() {
      return texts;
    }

    long batches() {
      return batches;
    }

    private void serve(List<Runnable> wakeUps) {
      Map<Q, A> answers = answers();
      for (Ticket<Q, A> t : open) {
        List<A> rows = new ArrayList<>(t.questions().size());
        t.questions().forEach(q -> rows.add(answers.get(q)));
        wakeUps.add(() -> t.answers().complete(rows));
      }
    }

    private void clear() {
      open = new ArrayList<>();
    }

    private Map<Q, A> answers() {
      Set<Q> distinct = new HashSet<>();
      open.forEach(t -> distinct.addAll(t.questions()));
      // A total order: batches do not depend on who asked first, and like lengths meet.
      List<Q> sorted = distinct.stream().sorted(order).toList();
      Map<Q, A> answers = new HashMap<>();
      for (int from = 0; from < sorted.size(); from += batchSize) {
        List<Q> batch = sorted.subList(from, Math.min(from + batchSize, sorted.size()));
        A[] rows = model.apply(batch);
        if (rows.length != batch.size()) {
          throw new IllegalStateException(
              "the %s answered %d of %d texts".formatted(name, rows.length, batch.size()));
        }
        for (int i = 0; i < rows.length; i++) {
          answers.put(batch.get(i), rows[i]);
        }
        batches++;
      }
      texts += sorted.size();
      return answers;
    }

    private void cancel() {
      List<Ticket<Q, A>> waiting = open;
      clear();
      locked(() -> running += waiting.size());
      waiting.forEach(t -> t.answers().cancel(false));
    }
  }
}
