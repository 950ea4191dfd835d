package dev.bulwark.autograd;

import java.util.function.Supplier;

/**
 * Runs code without building a graph: what ops make inside are constants.
 *
 * <p>Bound to the thread ({@link ScopedValue}); it cannot be left on by accident.
 */
public final class NoGrad {
  /** Notes whether any op had wanted a node. */
  static final class Recorder {
    private boolean suppressed;

    void suppress() {
      suppressed = true;
    }

    boolean suppressed() {
      return suppressed;
    }
  }

  private static final ScopedValue<Recorder> RECORDER = ScopedValue.newInstance();
  private static final Recorder GRADIENTS_ON = new Recorder();

  private NoGrad() {}

  /**
   * Calls a body without building a graph.
   *
   * @param body what to run
   * @param <T> type of the result
   * @return the body's result
   */
  public static <T> T call(Supplier<T> body) {
    return recorded(new Recorder(), body);
  }

  /**
   * Runs a body without building a graph.
   *
   * @param body what to run
   */
  public static void run(Runnable body) {
    ScopedValue.where(RECORDER, new Recorder()).run(body);
  }

  /**
   * Whether this thread builds no graph at the moment.
   *
   * @return true inside {@link #call} or {@link #run}
   */
  public static boolean active() {
    return RECORDER.isBound() && RECORDER.get() != GRADIENTS_ON;
  }

  static <T> T recorded(Recorder recorder, Supplier<T> body) {
    return ScopedValue.where(RECORDER, recorder).call(body::get);
  }

  /** Builds a graph even inside of {@link #call}: for the replay of a block in a backward pass. */
  static <T> T undone(Supplier<T> body) {
    return recorded(GRADIENTS_ON, body);
  }

  /** Tells the recorder that a node was left out. */
  static void suppress() {
    RECORDER.get().suppress();
  }
}
