package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.NoGrad;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ascent;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The adversarial half of RoAST (Kim et al., EMNLP Findings 2023): one ascent step on the output of
 * the embedding block, and a symmetric KL between clean and perturbed predictions, summed over the
 * batch: 0.5 CE(clean) [+ 0.5 CE(perturbed)] + coeffSym * (KL(p,q) + KL(q,p)) / 2.
 *
 * @param advEps largest entry of each token's perturbation
 * @param coeffSym weight of the symmetric KL
 * @param initScale size of the uniform noise, in [0, initScale), at which the ascent starts
 * @param normEpsilon added to a token's largest gradient entry before dividing by it
 * @param adversarialCe whether the cross-entropy of the perturbed batch is in the loss
 * @param attendPadding whether the encoder sees padding as if it were text
 */
public record RoastPerturbation(
    double advEps,
    double coeffSym,
    double initScale,
    double normEpsilon,
    boolean adversarialCe,
    boolean attendPadding)
    implements Objective {
  static final List<Option> OPTIONS =
      List.of(
          Option.number("adv-eps", 0.1, "largest entry of each token's perturbation"),
          Option.number("coeff-sym", 0.01, "weight of the symmetric KL, summed over the batch"),
          Option.number("init-scale", 1e-5, "size of the noise at which the ascent starts"),
          Option.number("norm-epsilon", 1e-8, "added to a token's norm before dividing by it"),
          Option.choice(
              "adversarial-ce",
              "released",
              "released: no cross-entropy on the perturbed batch, as the released code computes;"
                  + " intended: 0.5 of it, as that code's unreachable branch has it (which one the"
                  + " paper's equation has could not be read)",
              "released",
              "intended"),
          Option.flag(
              "attend-padding",
              false,
              "true: padding is attended to in training, as in the released code"));

  static final Method METHOD =
      new Method(
          "roast-perturbation",
          "Asks for the same prediction one gradient step away from the embedding output.",
          "Kim et al., EMNLP Findings 2023",
          OPTIONS,
          s -> Recipe.of(RoastPerturbation.of(s)));

  static RoastPerturbation of(Settings s) {
    return new RoastPerturbation(
        s.magnitude("adv-eps"),
        s.magnitude("coeff-sym"),
        s.magnitude("init-scale"),
        s.magnitude("norm-epsilon"),
        s.text("adversarial-ce").equals("intended"),
        s.flag("attend-padding"));
  }

  /**
   * The ascent step.
   *
   * @param embedded embedding output of the second pass, without a graph [T, H]
   * @param loss mean cross-entropy at embedded + noise
   * @param gradient of that loss with respect to the noise [T, H]
   * @param direction the gradient with largest entry 1 in each token [T, H]
   * @param adversarial the perturbed embedding output [T, H]
   */
  public record Climb(
      Tensor embedded, double loss, Tensor gradient, Tensor direction, Tensor adversarial) {}

  /**
   * Finds the perturbation.
   *
   * @param step the batch and the model
   * @return every stage of it
   */
  public Climb climb(Step step) {
    TokenBatch tokens = step.batch().tokens();
    Tensor embedded =
        NoGrad.call(() -> step.model().encoder().embeddings(step.context(1), step.words(), tokens))
            .value();
    Tensor noise =
        step.draws().uniform("uniform", embedded.shape(), embedded.dtype(), 0, 1).times(initScale);
    double[] loss = new double[1];
    Tensor gradient =
        Ascent.gradient(
            noise,
            n -> {
              Variable ce = step.crossEntropy(logits(step, n.plus(Variable.constant(embedded)), 1));
              loss[0] = ce.item();
              return ce;
            });
    Tensor largest = gradient.map(Unary.ABS).reduce(Reduce.MAX, 1).plus(normEpsilon);
    Tensor direction = gradient.div(largest);
    Tensor adversarial = embedded.plus(noise).plus(direction.times(advEps));
    return new Climb(embedded, loss[0], gradient, direction, adversarial);
  }

  /**
   * Logits of an embedding output.
   *
   * @param step the batch and the model
   * @param embedded [T, H]
   * @param number of the pass, which gives it dropout of its own
   * @return [B, C]
   */
  public static Variable logits(Step step, Variable embedded, int number) {
    Context c = step.context(number);
    Encoded encoded = step.model().encoder().layers(c, embedded, step.batch().tokens());
    return step.model().logits(c, encoded, step.batch().focus());
  }

  @Override
  public Result gradients(Step given) {
    Step step = attendPadding ? given.with(allAttended(given.batch())) : given;
    Variable clean = step.cleanLogits();
    Variable loss = step.crossEntropy(clean).times(0.5);
    Climb climb = climb(step);
    double skipped = 1;
    if (climb.gradient().kernels().allFinite(climb.gradient())) {
      Variable perturbed = logits(step, Variable.constant(climb.adversarial()), 2);
      Variable sum = Losses.symmetricKl(clean, perturbed).times(step.batch().size());
      loss = loss.plus(sum.times(coeffSym / 2));
      if (adversarialCe) {
        loss = loss.plus(step.crossEntropy(perturbed).times(0.5));
      }
      skipped = 0;
    }
    double value = loss.item();
    return new Result(loss.backward(), value, Map.of("perturbation_skipped", skipped));
  }

  private static Batch allAttended(Batch batch) {
    TokenBatch t = batch.tokens();
    int[] ones = new int[t.mask().length];
    Arrays.fill(ones, 1);
    return new Batch(
        new TokenBatch(t.size(), t.length(), t.ids(), t.types(), ones),
        batch.focus(),
        batch.labels());
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
