package dev.bulwark.robust.objective.information;

import dev.bulwark.nn.Context;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Both of InfoBERT's bounds for a model in use: no dropout, no perturbation, no weights, nothing
 * sampled.
 *
 * @param upper of the information in token features, over all pairs of tokens, in nats
 * @param lower of the information that anchored tokens share with their sentences, in nats; 0 if no
 *     token is anchored
 */
public record InformationBounds(double upper, double lower) {
  /**
   * Computes both.
   *
   * @param model the model; its parameters stay as they are
   * @param batch what it reads; its labels choose the anchored tokens
   * @param critic of the lower bound
   * @param low share of the tokens with the smallest gradients left out
   * @param high share up to which tokens are anchored
   * @return the bounds
   */
  public static InformationBounds of(
      ClassifierModel model, Batch batch, InfoNce critic, double low, double high) {
    List<PassTerm> terms =
        List.of(
            new UpperBound(1, Features::tokens, true),
            new AnchoredInfoNce(critic, 1, low, high, 0, (pass, n) -> inTurn(n)));
    return Scope.call(
        "information bounds",
        () -> {
          Step step = new Step(model, batch, Context.inference(), Draws.of(Rng.seed(0)), terms);
          Map<String, Double> readings = step.pass(step.zeros(), 0, 1, 0).readings();
          return new InformationBounds(
              readings.getOrDefault("upper_bound", 0.0),
              0 - readings.getOrDefault("lower_bound", 0.0));
        });
  }

  private static int[] inTurn(int n) {
    return IntStream.range(0, n).toArray();
  }
}
