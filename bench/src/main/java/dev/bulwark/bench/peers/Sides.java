package dev.bulwark.bench.peers;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The workers of one thread count, started when they are first needed and again if they died. */
final class Sides implements AutoCloseable {
  /** Our own side. */
  static final String OURS = "bulwark";

  private final Launcher launcher;
  private final Map<String, Worker> running = new HashMap<>();
  private final Map<String, String> absent = new HashMap<>();

  /** Makes a worker. */
  @FunctionalInterface
  interface Launcher {
    /**
     * Starts a worker.
     *
     * @param side whose
     * @return the worker
     * @throws WorkerException if that side is not installed here
     */
    Worker start(String side) throws WorkerException;
  }

  Sides(Launcher launcher) {
    this.launcher = launcher;
  }

  /**
   * Has a side compute something.
   *
   * @param side whose worker
   * @param request fields of the request
   * @return fields of the answer
   * @throws WorkerException if it cannot
   */
  Map<String, @Nullable Object> ask(String side, Map<String, Object> request)
      throws WorkerException {
    String reason = absent.get(side);
    if (reason != null) {
      throw new WorkerException(reason);
    }
    Worker worker = running.get(side);
    if (worker == null || !worker.isAlive()) {
      worker = start(side);
      running.put(side, worker);
    }
    return worker.ask(request);
  }

  private Worker start(String side) throws WorkerException {
    try {
      Worker worker = launcher.start(side);
      worker.ask(Map.of("row", "versions")); // so that a side that cannot work is found here
      return worker;
    } catch (WorkerException e) {
      absent.put(side, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  @Override
  public void close() {
    running.values().forEach(Worker::close);
    running.clear();
  }
}
