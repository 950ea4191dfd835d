package dev.bulwark.robust.eval;

import java.util.List;

/**
 * How a training went.
 *
 * @param seconds its wall time
 * @param loss training loss by step
 * @param devAccuracy accuracy on the development set by step, in [0, 1]
 */
public record TrainingCurve(double seconds, List<Point> loss, List<Point> devAccuracy) {
  /**
   * One reading.
   *
   * @param step optimiser steps done
   * @param value what was read
   */
  public record Point(double step, double value) {}

  /** Freezes the lists. */
  public TrainingCurve {
    loss = List.copyOf(loss);
    devAccuracy = List.copyOf(devAccuracy);
  }
}
