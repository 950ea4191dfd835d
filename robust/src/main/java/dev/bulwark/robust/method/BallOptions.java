package dev.bulwark.robust.method;

import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.perturb.Ball;
import java.util.List;
import java.util.Locale;

/** The options that methods with a norm ball share, named as in FreeLB's code. */
final class BallOptions {
  private BallOptions() {}

  static List<Option> of(int steps, double start, double rate, double radius) {
    return List.of(
        Option.whole("adv-steps", steps, "passes (FreeLB) or ascent steps (PGD), 1 or more"),
        Option.number("adv-init-mag", start, "size of the random start, 0 for none"),
        Option.number("adv-lr", rate, "length of an ascent step"),
        Option.number("adv-max-norm", radius, "radius of the ball, 0 for unbounded"),
        Option.choice(
            "norm-type",
            "l2",
            "how a perturbation is measured: over an example (l2, linf) or each token (l2-token);"
                + " sign is linf with steps of the gradient's sign",
            "l2",
            "linf",
            "l2-token",
            "sign"));
  }

  static Ball ball(Settings s) {
    return new Ball(
        Ball.Norm.valueOf(s.text("norm-type").toUpperCase(Locale.ROOT).replace('-', '_')),
        s.magnitude("adv-init-mag"),
        s.magnitude("adv-lr"),
        s.magnitude("adv-max-norm"));
  }
}
