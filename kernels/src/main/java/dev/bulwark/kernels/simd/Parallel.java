package dev.bulwark.kernels.simd;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs numbered tasks on the calling thread and a few daemon threads.
 *
 * <p>Every thread starts with its own share of the tasks, the same one each time, so that what it
 * wrote last is still in its cache; then it helps the others. A thread that the machine withholds
 * therefore delays a call by one task at most. Which thread runs a task must not matter: callers
 * cut the work into tasks without looking at the thread count wherever the cut can change a sum.
 *
 * <p>On many cores: the caller wakes two threads, each of which wakes two more, so that waking
 * takes the logarithm of their number (64 unparkings by one thread would take as long as a small
 * product). A thread that oversleeps also delays those it should wake, but not the result: its
 * tasks and theirs are taken by whoever is done. Tasks share one counter of what is left; at tens
 * of microseconds a task, 64 threads touch it a few million times a second, which one cache line
 * stands. Idle threads spin for {@link #SPIN_NANOS} only, then sleep, so a shared machine is not
 * burnt.
 *
 * <p>Calls from inside a task, and calls while another thread holds the workers, run serially. The
 * number of threads is the system property {@code bulwark.threads}, else the environment variable
 * {@code BULWARK_THREADS}, else the number of processors.
 */
final class Parallel {
  /** What a task does. */
  @FunctionalInterface
  interface Task {
    void run(int task);
  }

  /** What a task over a range of indices does. */
  @FunctionalInterface
  interface Range {
    void run(int from, int to);
  }

  private static final int MAX_THREADS = 256;
  private static final int PAD = 32; // ints between counters of two threads: no shared cache line
  private static final long SPIN_NANOS = 40_000;
  private static final AtomicBoolean BUSY = new AtomicBoolean();
  private static volatile Pool pool = new Pool(configured());

  private Parallel() {}

  /** Threads that share the work, the caller included. */
  static int threads() {
    return pool.threads;
  }

  /**
   * Changes the number of threads from the next call on.
   *
   * @param threads 1 to 256, the caller included
   */
  static void setThreads(int threads) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "the number of threads must be 1 to " + MAX_THREADS + ", not " + threads);
    }
    while (!BUSY.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
    try {
      if (threads != pool.threads) {
        pool.close();
        pool = new Pool(threads);
      }
    } finally {
      BUSY.set(false);
    }
  }

  /**
   * Runs tasks 0 to tasks - 1, each once, and returns when all are done.
   *
   * @param tasks how many
   * @param body the work; the first exception it throws is thrown here
   */
  static void run(int tasks, Task body) {
    if (tasks <= 1 || pool.threads == 1 || !BUSY.compareAndSet(false, true)) {
      for (int i = 0; i < tasks; i++) {
        body.run(i);
      }
      return;
    }
    try {
      pool.run(tasks, body);
    } finally {
      BUSY.set(false);
    }
  }

  /**
   * Runs a body over [0, n) in pieces of a fixed size.
   *
   * @param n number of indices
   * @param piece indices in a piece, at least 1; the last may be shorter
   * @param body the work on indices from (inclusive) to (exclusive)
   */
  static void range(int n, int piece, Range body) {
    if (n <= piece) {
      if (n > 0) {
        body.run(0, n);
      }
      return;
    }
    run(
        (int) (((long) n + piece - 1) / piece),
        i -> body.run(i * piece, (int) Math.min(n, (long) (i + 1) * piece)));
  }

  private static int configured() {
    String text = System.getProperty("bulwark.threads", System.getenv("BULWARK_THREADS"));
    int wanted = Runtime.getRuntime().availableProcessors();
    if (text != null && !text.isBlank()) {
      try {
        wanted = Integer.parseInt(text.strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "bulwark.threads (or BULWARK_THREADS) must be a number from 1 to "
                + MAX_THREADS
                + ", not '"
                + text
                + "'",
            e);
      }
      if (wanted < 1) {
        throw new IllegalArgumentException(
            "bulwark.threads (or BULWARK_THREADS) must be at least 1, not " + wanted);
      }
    }
    return Math.min(wanted, MAX_THREADS);
  }

  /** The workers of one thread count. */
  private static final class Pool {
    final int threads;
    private final AtomicReferenceArray<@Nullable Worker> workers; // by share; the caller has 0
    private volatile @Nullable Job job;
    private volatile boolean closed;
    private long jobs;

    Pool(int threads) {
      this.threads = threads;
      this.workers = new AtomicReferenceArray<>(threads);
    }

    void run(int tasks, Task body) {
      Job mine = new Job(++jobs, tasks, Math.min(threads, tasks), body);
      job = mine;
      wakeNext(0, mine);
      mine.work(0);
      mine.await();
      job = null;
      mine.rethrow();
    }

    /** Thread s wakes 2 s + 1 and 2 s + 2, so that 64 threads are awake after six wakings. */
    void wakeNext(int share, Job of) {
      for (int next = 2 * share + 1; next <= 2 * share + 2 && next < of.shares; next++) {
        Worker w = workers.get(next);
        if (w == null) {
          w = new Worker(this, next);
          workers.set(next, w);
          w.start();
        } else if (w.parked) {
          LockSupport.unpark(w);
        }
      }
    }

    void close() {
      closed = true;
      for (int i = 1; i < threads; i++) { // one that is started after this look sees closed
        LockSupport.unpark(workers.get(i));
      }
    }
  }

  private static final class Worker extends Thread {
    private final Pool pool;
    private final int share;
    private long seen;
    volatile boolean parked;

    Worker(Pool pool, int share) {
      super("bulwark-kernels-" + share);
      setDaemon(true);
      this.pool = pool;
      this.share = share;
    }

    @Override
    public void run() {
      while (!pool.closed) {
        Job job = pool.job;
        if (job != null && job.number != seen) {
          seen = job.number;
          if (share < job.shares) {
            pool.wakeNext(share, job);
            job.work(share);
          }
        } else {
          job = null; // what it captured may be large
          idle();
        }
      }
    }

    /** Spins for a moment, since the next kernel is usually microseconds away; then sleeps. */
    private void idle() {
      long end = System.nanoTime() + SPIN_NANOS;
      do {
        for (int i = 0; i < 32; i++) {
          if (called()) {
            return;
          }
          Thread.onSpinWait();
        }
      } while (System.nanoTime() < end);
      parked = true; // before the last look: a caller either sees this or is seen
      while (!called()) {
        LockSupport.park(this);
      }
      parked = false;
    }

    private boolean called() {
      Job now = pool.job;
      return pool.closed || (now != null && now.number != seen);
    }
  }

  /** One call: shares of tasks with a cursor each, and a count of what is left. */
  private static final class Job {
    final long number;
    final int shares;
    private final int tasks;
    private final Task body;
    private final AtomicIntegerArray cursors;
    private final AtomicInteger left;
    private volatile @Nullable Throwable failure;

    Job(long number, int tasks, int shares, Task body) {
      this.number = number;
      this.tasks = tasks;
      this.shares = shares;
      this.body = body;
      this.left = new AtomicInteger(tasks);
      this.cursors = new AtomicIntegerArray(shares * PAD);
      for (int s = 0; s < shares; s++) {
        cursors.setPlain(s * PAD, first(s));
      }
    }

    private int first(int share) {
      return (int) ((long) tasks * share / shares);
    }

    /** Works off the own share, then those of others. */
    void work(int own) {
      for (int n = 0; n < shares; n++) {
        int share = (own + n) % shares;
        int end = first(share + 1);
        int at = share * PAD;
        while (cursors.get(at) < end) {
          int task = cursors.getAndIncrement(at);
          if (task >= end) {
            break;
          }
          attempt(task);
        }
      }
    }

    private void attempt(int task) {
      try {
        if (failure == null) {
          body.run(task);
        }
      } catch (Throwable e) { // everything travels to the caller
        failure = e;
      } finally {
        left.decrementAndGet();
      }
    }

    void await() {
      long spins = 0;
      while (left.get() > 0) {
        if (++spins < 20_000) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(20_000);
        }
      }
    }

    void rethrow() {
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException("a kernel task failed", e);
      }
    }
  }
}
