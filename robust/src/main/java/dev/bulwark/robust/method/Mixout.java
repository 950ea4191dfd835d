package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Parameter;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.ParameterDistance;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Mixout (Lee, Cho and Kang, ICLR 2020), a baseline of RIFT: in each training step every number of
 * encoder and pooler is its pre-trained one with probability p. With m = 1 for those, the step sees
 *
 * <pre>(m * start + (1 - m) * now - p * start) / (1 - p)</pre>
 *
 * whose expectation is the present weight. All forward passes of a step, those of a search for
 * adversarial points too, see the same mixture. The released code of RIFT wraps an object that owns
 * no tensor, so there Mixout changes nothing; here it reaches every tensor: weights, biases, norms
 * and tables. Heads, which are new, are left out.
 */
public final class Mixout {
  static final Method METHOD =
      new Method(
          "mixout",
          "Sets random numbers of the encoder back to their pre-trained values in each step.",
          "Lee, Cho and Kang, ICLR 2020",
          List.of(
              Option.number(
                  "mixout-p",
                  0.7,
                  "probability of a pre-trained value, in [0, 1); 0.7 to 0.9 in the paper, none in"
                      + " RIFT's code: search it")),
          s -> {
            double p = s.share("mixout-p");
            if (p == 1) {
              throw new IllegalArgumentException("mixout-p must be below 1, or nothing is trained");
            }
            return Recipe.tuned(setup -> tuning(setup, p));
          });

  private final double p;
  private final Map<Parameter, Tensor> start;

  /**
   * A mixture of parameters with other values.
   *
   * @param p probability of the other value, in [0, 1)
   * @param start the other value of each parameter
   */
  public Mixout(double p, Map<Parameter, Tensor> start) {
    this.p = p;
    this.start = start;
  }

  private static Tuning tuning(Setup setup, double p) {
    if (p == 0) {
      return new Tuning() {};
    }
    Map<Parameter, Tensor> start = new LinkedHashMap<>();
    Collection<Parameter> all = setup.classifier().model().parameters().values();
    all.stream()
        .filter(q -> ParameterDistance.isPretrained(q.name()))
        .forEach(q -> start.put(q, q.value().copy().retain()));
    Mixout mixout = new Mixout(p, start);
    return new Tuning() {
      @Override
      public Objective wrap(Objective inner) {
        return step -> mixout.around(step.draws(), () -> inner.gradients(step));
      }
    };
  }

  /**
   * Computes gradients at a mixture, and leaves the parameters as they were, to the bit.
   *
   * @param draws thins "mixout.NAME" for each parameter: what is dropped is pre-trained
   * @param inner computes gradients at whatever the parameters are
   * @return its result, the gradients with respect to the parameters before mixing
   */
  public Objective.Result around(Draws draws, Supplier<Objective.Result> inner) {
    Map<Parameter, Tensor> now = new LinkedHashMap<>();
    try {
      start.forEach((parameter, other) -> {
        now.put(parameter, parameter.value().copy());
        mix(draws, parameter, other);
      });
      Objective.Result result = inner.get();
      thin(draws, result.gradients());
      return result;
    } finally {
      now.forEach((parameter, t) -> t.kernels().copy(t, parameter.value()));
    }
  }

  /** The mixture written as start + dropout(now - start), in place. */
  private void mix(Draws draws, Parameter parameter, Tensor other) {
    Tensor value = parameter.value();
    value.kernels().addScaled(other, -1, value);
    draws.dropout(name(parameter), value, p);
    value.kernels().addScaled(other, 1, value);
  }

  /** By the chain rule, gradients lose what the weights lost. */
  private void thin(Draws draws, Gradients gradients) {
    for (Parameter parameter : start.keySet()) {
      gradients.of(parameter.leaf()).ifPresent(g -> draws.dropout(name(parameter), g, p));
    }
  }

  private static String name(Parameter parameter) {
    return "mixout." + parameter.name();
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
