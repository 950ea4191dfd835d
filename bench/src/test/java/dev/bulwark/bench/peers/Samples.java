package dev.bulwark.bench.peers;

import dev.bulwark.bench.peers.Row.Goal;
import dev.bulwark.bench.peers.Row.Measure;
import dev.bulwark.bench.peers.Row.Peer;
import dev.bulwark.bench.peers.Row.Turn;
import dev.bulwark.bench.peers.Row.Work;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Rows and results to test with. */
final class Samples {
  private Samples() {}

  /** A row whose peer has the given ways. */
  static Row row(String id, String... variants) {
    List<Peer> peers = Arrays.stream(variants).map(v -> new Peer("torch", v)).toList();
    Goal goal = new Goal(0.9, 1.0);
    Turn turn = new Turn(0, 0, 1, 0.1);
    return new Row(id, id, Measure.TIME, peers, goal, Work.flops(2e9), turn, Map.of(), Map.of());
  }

  /** A result of 10 ms of ours with these ratios. */
  static Result result(String id, double target, double... ratios) {
    List<Double> all = Arrays.stream(ratios).boxed().toList();
    double theirs = 10 * Result.median(all);
    Work work = Work.flops(2e9);
    Goal goal = new Goal(target, target + 0.1);
    return new Result(id, 2, "ms", 10, "torch out", theirs, all, work, goal, "");
  }

  static Result failed(String id) {
    return Result.failed(row(id, "out"), 2, "no Python");
  }
}
