package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * RoAST (Kim et al., "RoAST: Robustifying language models via adversarial perturbation with
 * selective training", EMNLP Findings 2023): {@link RoastPerturbation} and {@link SelectiveUpdate}
 * together, with the released run script's values for sentiment as standard.
 */
final class Roast {
  static final Method METHOD =
      new Method(
          "roast",
          "Perturbs the embedding output and updates mostly weights that matter.",
          "Kim et al., EMNLP Findings 2023",
          Stream.concat(
                  RoastPerturbation.OPTIONS.stream(),
                  SelectiveUpdate.OPTIONS.stream().map(Roast::mayBeOff))
              .toList(),
          Roast::recipe);

  private Roast() {}

  private static Option mayBeOff(Option o) {
    return o.name().equals("alpha")
        ? Option.number(
            "alpha",
            Double.parseDouble(o.standard()),
            "relative rank that is updated half the time; 0 or 1: all weights are updated, with the"
                + " run's own optimiser and schedule")
        : o;
  }

  /** As released: no perturbation if its size and weight are 0, no selection if alpha is 0 or 1. */
  private static Recipe recipe(Settings s) {
    RoastPerturbation perturbation = RoastPerturbation.of(s);
    List<Recipe> parts = new ArrayList<>();
    if (perturbation.advEps() > 0 || perturbation.coeffSym() > 0) {
      parts.add(Recipe.of(perturbation));
    }
    double alpha = s.share("alpha");
    if (alpha > 0 && alpha < 1) {
      parts.add(SelectiveUpdate.recipe(s));
    }
    return Recipe.combine(parts);
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
