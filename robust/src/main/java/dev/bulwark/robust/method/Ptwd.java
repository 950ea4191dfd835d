package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.objective.ParameterDistance;
import dev.bulwark.robust.objective.Term;
import java.util.List;

/**
 * Weight decay towards the pre-trained weights instead of zero (Wiese, Weissenborn and Neves, CoNLL
 * 2017), a baseline of RIFT: the distance of encoder and pooler from where they started. RIFT's
 * released code takes the distance itself, not its square, so that its pull is the same near and
 * far; it gives no weight for it.
 */
final class Ptwd {
  static final Method METHOD =
      new Method(
          "ptwd",
          "Keeps the encoder near its pre-trained weights.",
          "Wiese et al., CoNLL 2017; Dong et al., NeurIPS 2021 (RIFT), released code",
          List.of(
              Option.number(
                  "ptwd-weight",
                  0.01,
                  "weight of the distance, 0 or more; the released code gives none: search it"),
              Option.choice(
                  "ptwd-distance",
                  "norm",
                  "norm, as RIFT's released code, or squared, as weight decay is usually written",
                  "norm",
                  "squared")),
          s -> {
            double weight = s.magnitude("ptwd-weight");
            boolean squared = s.text("ptwd-distance").equals("squared");
            return Recipe.tuned(setup -> tuning(setup, weight, squared));
          });

  private Ptwd() {}

  private static Tuning tuning(Setup setup, double weight, boolean squared) {
    if (weight == 0) {
      return new Tuning() {};
    }
    ParameterDistance distance = ParameterDistance.of(setup.classifier().model());
    Term term = step -> squared ? distance.squared() : distance.norm();
    List<Term> terms = List.of(term.times(weight));
    return new Tuning() {
      @Override
      public List<Term> terms() {
        return terms;
      }
    };
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
