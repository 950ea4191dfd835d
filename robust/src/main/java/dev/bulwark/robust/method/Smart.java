package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.autograd.op.Normalisation;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.perturb.Ascent;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.List;
import java.util.Optional;

/**
 * SMART's smoothness regulariser (Jiang et al., ACL 2020, section 3.1, as in the MT-DNN code):
 * noise on the embedding output climbs the divergence from the clean prediction for K steps; then
 * the two predictions are drawn together, each by a divergence whose probability side is held.
 *
 * @param steps K, at least 1
 * @param weight of the regulariser
 * @param noiseVariance what standard normal noise is multiplied with at the start
 * @param stepSize what a gradient is multiplied with
 * @param normEpsilon added to a token's largest entry before dividing by it
 */
public record Smart(
    int steps, double weight, double noiseVariance, double stepSize, double normEpsilon)
    implements PassTerm {
  private static final double STABLE = 1e-6; // keeps the inner divergence finite

  static final Method METHOD =
      new Method(
          "smart",
          "Draws the prediction at a noise that climbed towards the clean one.",
          "Jiang et al., ACL 2020, section 3.1",
          List.of(
              Option.number("adv-alpha", 1, "weight of the regulariser"),
              Option.whole("adv-steps", 1, "steps of the noise, 1 or more"),
              Option.number("noise-var", 1e-5, "size of the normal noise at the start"),
              Option.number("adv-step-size", 1e-3, "what a gradient is multiplied with"),
              Option.number("norm-epsilon", 1e-6, "added to a token's norm before dividing")),
          s ->
              Recipe.terms(
                  new Smart(
                      s.atLeast(1, "adv-steps"),
                      s.magnitude("adv-alpha"),
                      s.magnitude("noise-var"),
                      s.magnitude("adv-step-size"),
                      s.magnitude("norm-epsilon"))));

  @Override
  public String name() {
    return "smart";
  }

  @Override
  public Optional<Variable> inLoss(Pass pass) {
    Variable perturbed = perturbed(pass, Watcher.NONE);
    return Optional.of(regulariser(pass.logits(), perturbed).times(weight / pass.of()));
  }

  /** Sees each step of the noise. */
  public interface Watcher {
    /** Looks away. */
    Watcher NONE = (k, gradient, noise) -> {};

    /** Called after step k with its gradient and the noise that it led to, both [T, H]. */
    void step(int k, Tensor gradient, Tensor noise);
  }

  /**
   * Logits at the noise that climbed.
   *
   * @param pass what the model made of the batch
   * @param watcher sees each step of the noise
   * @return [B, C]; the embedding output takes part in its graph
   */
  public Variable perturbed(Pass pass, Watcher watcher) {
    Variable embedded = pass.encoded().tokens(0);
    Tensor clean = pass.logits().value();
    Variable fixed = embedded.detach();
    Tensor noise =
        pass.step()
            .draws()
            .normal("smart.normal." + pass.number(), embedded.shape(), clean.dtype())
            .times(noiseVariance);
    for (int k = 0; k < steps; k++) {
      int number = k;
      Tensor gradient =
          Ascent.gradient(noise, n -> divergence(logits(pass, fixed.plus(n), number), clean));
      Tensor moved = noise.plus(gradient.times(stepSize));
      Tensor largest = moved.map(Unary.ABS).reduce(Reduce.MAX, 1).plus(normEpsilon);
      noise = moved.div(largest);
      watcher.step(k, gradient, noise);
    }
    return logits(pass, embedded.plus(Variable.constant(noise)), steps);
  }

  private static Variable logits(Pass pass, Variable embedded, int number) {
    var step = pass.step();
    Context c = step.context().named("smart." + pass.number() + "." + number);
    Encoded encoded = step.model().encoder().layers(c, embedded, step.batch().tokens());
    return step.model().logits(c, encoded, step.batch().focus());
  }

  /** Sum of 2 p (h(p) - h(q)), h(x) = -log(1 / (x + e) - 1 + e) held: MT-DNN's stable_kl. */
  private static Variable divergence(Variable logits, Tensor clean) {
    Variable p = Normalisation.softmax(logits, -1);
    Tensor q = Normalisation.softmax(Variable.constant(clean), -1).value();
    Tensor difference = held(q).minus(held(p.value())); // log of the ratio, signs turned
    return p.times(Variable.constant(difference.times(2))).sum();
  }

  /** log(1 / (x + e) - 1 + e), the negative of h. */
  private static Tensor held(Tensor x) {
    return x.plus(STABLE).map(Unary.RECIPROCAL).plus(STABLE - 1).map(Unary.LOG);
  }

  /**
   * KL(q, p) + KL(p, q), mean over the batch, the first argument of each held.
   *
   * @param clean logits [B, C]
   * @param perturbed logits [B, C]
   * @return a scalar in nats
   */
  public static Variable regulariser(Variable clean, Variable perturbed) {
    return Losses.klDivergence(clean.detach(), perturbed)
        .plus(Losses.klDivergence(perturbed.detach(), clean));
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(METHOD);
    }
  }
}
