package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.data.Batches;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Child-Tuning (Xu et al., "Raise a child in large language model", EMNLP 2021): only a part of the
 * network is updated. Task-free (F), a new part of all weights each step, drawn at random and
 * scaled so that the mean stays; task-driven (D), always the same weights inside encoder layers,
 * those with the most Fisher information before training.
 */
final class ChildTuning {
  static final Method METHOD =
      new Method(
          "child-tuning",
          "Updates only a part of the network.",
          "Xu et al., EMNLP 2021",
          List.of(
              Option.choice(
                  "variant",
                  "d",
                  "f: a random part each step; d: the part with the most Fisher information",
                  "f",
                  "d"),
              Option.number("reserve-p", 0.3, "share of weights that are updated, in (0, 1]")),
          ChildTuning::recipe);

  private ChildTuning() {}

  private static Recipe recipe(Settings s) {
    double share = s.share("reserve-p");
    if (share == 0) {
      throw new IllegalArgumentException("reserve-p must be above 0, or nothing is updated");
    }
    return s.text("variant").equals("f")
        ? Recipe.tuned(setup -> new TaskFree(setup.classifier().model(), share))
        : Recipe.tuned(setup -> new TaskDriven(setup.classifier().model(), share));
  }

  /** Child-Tuning-F. */
  private record TaskFree(ClassifierModel model, double share) implements Tuning {
    @Override
    public Gradients filter(Gradients gradients, Step step) {
      Draws draws = Draws.of(step.rng("child-tuning"));
      Map<Variable, String> names = new HashMap<>();
      model.parameters().forEach((name, p) -> names.put(p.leaf(), name));
      return gradients.map((leaf, g) -> {
        String name = names.get(leaf);
        if (name == null) {
          return g; // trained beside the model
        }
        Tensor u = draws.uniform(name, g.shape(), g.dtype(), 0, 1);
        Tensor kept = u.with(Binary.LT, Tensor.scalar(share, g.dtype())).cast(g.dtype());
        return g.times(kept.times(1 / share));
      });
    }
  }

  /** Child-Tuning-D. */
  private static final class TaskDriven implements Tuning {
    private final ClassifierModel model;
    private final double share;
    private final Map<Parameter, Tensor> masks = new LinkedHashMap<>();

    TaskDriven(ClassifierModel model, double share) {
      this.model = model;
      this.share = share;
      for (Parameter p : Importance.inLayers(model.parameters().values())) {
        masks.put(p, Tensor.full(p.value().shape(), p.value().dtype(), 1).retain());
      }
    }

    @Override
    public void prepare(Batches data, Rng rng) {
      Importance fisher = new Importance(masks.keySet(), false);
      fisher.pass(model, data, rng);
      Scope.run(
          "child-tuning",
          () -> {
            List<Tensor> ranks = Ranks.relative(fisher.sums());
            int i = 0;
            for (Tensor mask : masks.values()) {
              Tensor bound = Tensor.scalar(1 - share, mask.dtype());
              mask.kernels().copy(bound.with(Binary.LE, ranks.get(i++)), mask);
            }
          });
    }

    @Override
    public Gradients filter(Gradients gradients, Step step) {
      Map<Variable, Tensor> byLeaf = new HashMap<>();
      masks.forEach((p, mask) -> byLeaf.put(p.leaf(), mask));
      return gradients.map((leaf, g) -> {
        Tensor mask = byLeaf.get(leaf);
        return mask == null ? g : g.times(mask);
      });
    }

    @Override
    public Map<String, Tensor> state() {
      Map<String, Tensor> state = new LinkedHashMap<>();
      masks.forEach((p, mask) -> state.put("child-tuning." + p.name(), mask));
      return state;
    }
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
