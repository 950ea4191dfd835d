package dev.bulwark.robust.method;

import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.perturb.Ball;
import java.util.List;

/** The options that methods with a norm ball share, named as in FreeLB's code. */
final class BallOptions {
  private BallOptions() {}

  static List<Option> of(int steps, double start, double rate, double radius) {
    return List.of(
        new Option("adv-steps", steps, "passes (FreeLB) or ascent steps (PGD), 1 or more"),
        new Option("adv-init-mag", start, "size of the random start, 0 for none"),
        new Option("adv-lr", rate, "length of an ascent step"),
        new Option("adv-max-norm", radius, "radius of the ball, 0 for unbounded"),
        new Option("adv-linf", 0, "1 measures in the maximum norm, 0 in the Euclidean"));
  }

  static Ball ball(Settings s) {
    return new Ball(
        s.flag("adv-linf") ? Ball.Norm.LINF : Ball.Norm.L2,
        s.magnitude("adv-init-mag"),
        s.magnitude("adv-lr"),
        s.magnitude("adv-max-norm"));
  }
}
