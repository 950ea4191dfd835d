package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * R3F (Aghajanyan et al., "Better fine-tuning by reducing representational collapse", ICLR 2021):
 * the symmetric KL between the prediction and that at noise on the word vectors, mean over the
 * batch. The word vectors are held in the noisy pass, as in fairseq's code.
 *
 * @param weight lambda
 * @param epsilon noise is uniform in [-epsilon, epsilon) or normal with this deviation
 * @param normal whether the noise is normal
 */
public record R3f(double weight, double epsilon, boolean normal) implements PassTerm {
  static final Method METHOD =
      new Method(
          "r3f",
          "Asks for the same prediction at noise on the word vectors.",
          "Aghajanyan et al., ICLR 2021",
          List.of(
              Option.number("lambda", 1, "weight of the symmetric KL"),
              Option.number("eps", 1e-5, "bound (uniform) or deviation (normal) of the noise"),
              Option.choice("noise", "uniform", "distribution of the noise", "uniform", "normal")),
          s ->
              Recipe.terms(
                  new R3f(
                      s.magnitude("lambda"),
                      s.magnitude("eps"),
                      s.text("noise").equals("normal"))));

  @Override
  public String name() {
    return "r3f";
  }

  @Override
  public Optional<Variable> inLoss(Pass pass) {
    Variable divergence = Losses.symmetricKl(noised(pass), pass.logits());
    return Optional.of(divergence.times(weight / pass.of()));
  }

  /**
   * Logits at noise.
   *
   * @param pass what the model made of the batch
   * @return [B, C]
   */
  public Variable noised(Pass pass) {
    Step step = pass.step();
    Variable words = step.words().detach();
    Variable noise = Variable.constant(noise(pass, words.shape(), words.value().dtype()));
    Context c = step.context().named("r3f." + pass.number());
    Encoded encoded = step.model().encoder().encode(c, words.plus(noise), step.batch().tokens());
    return step.model().logits(c, encoded, step.batch().focus());
  }

  private Tensor noise(Pass pass, Shape shape, DType dtype) {
    String draw = "r3f.noise." + pass.number();
    return normal
        ? pass.step().draws().normal(draw, shape, dtype).times(epsilon)
        : pass.step().draws().uniform(draw, shape, dtype, -epsilon, epsilon);
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
