package dev.bulwark.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A second result beside the time: work per second, in GFLOP/s or in billions of elements per
 * second.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Rate {
  private double work;

  /** Starts an iteration. */
  @Setup(Level.Iteration)
  public void reset() {
    work = 0;
  }

  /**
   * Work done so far.
   *
   * @return billions of operations
   */
  public double giga() {
    return work;
  }

  void add(double operations) {
    work += operations * 1e-9;
  }
}
