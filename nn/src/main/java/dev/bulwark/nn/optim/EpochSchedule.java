package dev.bulwark.nn.optim;

import java.util.List;

/**
 * Learning rate by epoch: a linear warm-up from a share of the rate, then a drop at each milestone
 * (the scheduler of RIFT's and ASCC's released code, which moves once an epoch).
 *
 * @param warmup epochs of warm-up; 0 for none
 * @param from share of the rate in the first epoch of the warm-up, in [0, 1]
 * @param milestones epochs from which the rate is multiplied by gamma once more
 * @param gamma factor at each milestone, in [0, 1]
 */
public record EpochSchedule(int warmup, double from, List<Integer> milestones, double gamma) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public EpochSchedule {
    milestones = List.copyOf(milestones);
    if (warmup < 0 || !(from >= 0 && from <= 1) || !(gamma >= 0 && gamma <= 1)) {
      throw new IllegalArgumentException(
          "a schedule by epoch needs a warm-up of 0 epochs or more, and factors in [0, 1]; got "
              + warmup
              + " epochs from "
              + from
              + " and gamma "
              + gamma);
    }
  }

  /**
   * The factor of the learning rate in an epoch.
   *
   * @param epoch number, from 0
   * @return a number in [0, 1]
   */
  public double factor(int epoch) {
    double passed = (double) milestones.stream().filter(m -> m <= epoch).count();
    double done = (double) epoch / Math.max(1, warmup);
    double warm = epoch < warmup ? from * (1 - done) + done : 1;
    return warm * Math.pow(gamma, passed);
  }
}
