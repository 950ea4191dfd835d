package dev.bulwark.bench.peers;

import dev.bulwark.bench.peers.Row.Peer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the largest resident size of a fresh process on each side, after two repetitions. A JVM
 * takes the heap that it is given, so ours gets the heap that a user would choose for the job.
 */
final class MemoryContest {
  private final Launch launch;
  private final String heap;

  /**
   * A contest.
   *
   * @param launch starts the processes
   * @param heap largest heap of our process, such as 4g
   */
  MemoryContest(Launch launch, String heap) {
    this.launch = launch;
    this.heap = heap;
  }

  /** Measures a row. What goes wrong is part of the result. */
  Result run(Row row) {
    Peer peer = row.peers().getFirst();
    double ours;
    double theirs;
    try {
      try (Worker worker = launch.ours(List.of("-Xmx" + heap))) {
        ours = peak(worker, row, "");
      }
      try (Worker worker = launch.torch()) {
        theirs = peak(worker, row, peer.variant());
      }
    } catch (WorkerException e) {
      return Result.failed(row, launch.threads(), String.valueOf(e.getMessage()));
    }
    return new Result(
        row.id(),
        launch.threads(),
        row.measure().unit,
        ours,
        peer.toString(),
        theirs,
        List.of(theirs / ours),
        row.work(),
        row.goal(),
        "");
  }

  private static double peak(Worker worker, Row row, String variant) throws WorkerException {
    Map<String, Object> request = new HashMap<>(row.arguments());
    request.put("row", row.job());
    request.put("variant", variant);
    request.put("seconds", 0);
    request.put("reps", row.turn().warmReps());
    return Alternation.positive(worker.ask(request), "peak_mib");
  }
}
