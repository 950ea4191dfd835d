package dev.bulwark.bench.peers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the comparison.
 *
 * @param id name, such as gemm/forward/2048x768x768
 * @param job what the workers are asked to compute: kind/detail/shape
 * @param measure what is compared
 * @param peers whom it is compared with; the fastest counts
 * @param goal how fast it has to be, or null where that is only of interest
 * @param work arithmetic or traffic of one repetition
 * @param turn how long a side works before it is the other's turn
 * @param arguments further fields of the request
 * @param trial fields that differ in the turn that is not counted
 */
record Row(
    String id,
    String job,
    Measure measure,
    List<Peer> peers,
    @Nullable Goal goal,
    Work work,
    Turn turn,
    Map<String, Object> arguments,
    Map<String, Object> trial) {

  /** What is compared. */
  enum Measure {
    TIME("ms"),
    MEMORY("MiB");

    final String unit;

    Measure(String unit) {
      this.unit = unit;
    }
  }

  /**
   * A way in which a peer does it.
   *
   * @param side whose worker: torch, or a Java library
   * @param variant which of its ways
   */
  record Peer(String side, String variant) {
    @Override
    public String toString() {
      return variant.isEmpty() ? side : side + " " + variant;
    }
  }

  /**
   * Ratios of the peer's time (or memory) to ours.
   *
   * @param target least
   * @param aim hoped for
   */
  record Goal(double target, double aim) {}

  /**
   * What a repetition does, to give a rate.
   *
   * @param amount in billions; 0 where no rate is of use
   * @param unit what is counted, such as GFLOP
   */
  record Work(double amount, String unit) {
    static final Work NONE = new Work(0, "");

    static Work flops(double operations) {
      return new Work(operations * 1e-9, "GFLOP");
    }

    static Work bytes(double bytes) {
      return new Work(bytes * 1e-9, "GB");
    }
  }

  /**
   * How long a side works at a time.
   *
   * @param seconds a turn lasts at least so long, and at least one repetition
   * @param warmSeconds the same of the turn that is not counted
   * @param warmReps repetitions of the turn that is not counted, at least
   * @param expected seconds a turn takes, roughly, to foretell the end
   */
  record Turn(double seconds, double warmSeconds, int warmReps, double expected) {
    static final Turn SHORT = new Turn(0.3, 2, 3, 0.4);

    /** Whole models have more code to compile. */
    static final Turn MODEL = new Turn(0.5, 4, 3, 0.8);

    /** One repetition a turn. */
    static Turn once(double expected) {
      return new Turn(0, 0, 2, expected);
    }
  }

  /** The same with other arguments. */
  Row with(Map<String, Object> others) {
    return new Row(id, job, measure, peers, goal, work, turn, others, trial);
  }

  /** Whether it is over within seconds. */
  boolean isSmall() {
    return turn.expected() < 1;
  }

  /** Seconds that so many rounds take, roughly. */
  double expectedSeconds(int rounds) {
    double warm = Math.max(turn.warmSeconds(), turn.expected());
    return (1.0 + peers.size()) * (warm + rounds * turn.expected());
  }
}
