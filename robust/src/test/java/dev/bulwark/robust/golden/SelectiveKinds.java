package dev.bulwark.robust.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Padding;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.method.Importance;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Ranks;
import dev.bulwark.robust.method.SelectiveMask;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Golden cases of RoAST's selective update. */
final class SelectiveKinds {
  private SelectiveKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of(
        "roast.selective_mask", SelectiveKinds::ofModel,
        "roast.selective_mask_small", SelectiveKinds::ofGivenGradients,
        "roast.masked_adamw", SelectiveKinds::adamW);
  }

  /** Parameters named as the inputs that start with a prefix, of their shapes. */
  private static List<Parameter> parameters(GoldenCase c, String prefix) {
    return c.inputs().keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> new Parameter(name.substring(prefix.length()), c.tensor(name).copy()))
        .toList();
  }

  /** The given gradients, from a loss that has them. */
  private static Gradients gradients(GoldenCase c, List<Parameter> parameters, String prefix) {
    Gradients all = Gradients.none();
    for (Parameter p : parameters) {
      Variable given = Variable.constant(c.tensor(prefix + p.name()));
      all = all.plus(p.variable().times(given).sum().backward());
    }
    return all;
  }

  private static SelectiveMask mask(
      GoldenCase c, List<Parameter> parameters, Importance importance, RecordedDraws draws) {
    SelectiveMask mask =
        new SelectiveMask(
            parameters,
            c.number("alpha"),
            c.number("beta"),
            c.param("unbiased_scale").booleanValue());
    mask.rank(Ranks.relative(importance.means()));
    mask.toss(draws);
    return mask;
  }

  private static void ofGivenGradients(GoldenCase c, GoldenResults to) {
    List<Parameter> parameters = parameters(c, "grad.0.");
    Importance importance = new Importance(parameters, true);
    for (int j = 0; j < c.whole("batches"); j++) {
      importance.add(gradients(c, parameters, "grad." + j + "."));
    }
    RecordedDraws draws = new RecordedDraws();
    parameters.forEach(p -> draws.put("u." + p.name(), c.tensor("u." + p.name())));
    SelectiveMask mask = mask(c, parameters, importance, draws);
    List<Tensor> scores = importance.means();
    List<Tensor> relative = Ranks.relative(scores);
    for (int i = 0; i < parameters.size(); i++) {
      Parameter p = parameters.get(i);
      to.put("score." + p.name(), scores.get(i));
      to.put("rank." + p.name(), ranks(relative.get(i), c.whole("total_entries")));
      to.put("relative." + p.name(), relative.get(i));
      to.put("p." + p.name(), mask.probability(p));
      to.put("multiplier." + p.name(), mask.of(p));
    }
  }

  private static double[] ranks(Tensor relative, int entries) {
    return Arrays.stream(relative.toDoubles()).map(s -> Math.rint(s * (entries - 1))).toArray();
  }

  private static void ofModel(GoldenCase c, GoldenResults to) {
    SequenceClassifier model = c.classifier(c.json().get("model").stringValue());
    List<Parameter> selected = Importance.inLayers(model.parameters().values());
    Importance importance = new Importance(selected, true);
    for (int j = 0; j < c.whole("batches"); j++) {
      importance.add(Methods.plain().gradients(step(c, model, j)).gradients());
    }
    RecordedDraws draws = new RecordedDraws();
    for (Parameter p : selected) { // key biases have no number: they are never kept
      String u = "u." + p.name();
      draws.put(u, c.has(u) ? c.tensor(u) : Tensor.full(p.value().shape(), c.dtype(), 1));
    }
    compare(c, to, selected, importance, mask(c, selected, importance, draws));
  }

  private static Step step(GoldenCase c, SequenceClassifier model, int j) {
    Shape shape = c.shape("input_ids." + j);
    int[] ones = new int[shape.size()];
    Arrays.fill(ones, 1);
    TokenBatch tokens =
        new TokenBatch(
            shape.dim(0), shape.dim(1), c.ints("input_ids." + j), new int[ones.length], ones);
    Context context = Context.inference().withPadding(Padding.masked(Double.NEGATIVE_INFINITY));
    return new Step(model, new Batch(tokens, c.ints("labels." + j)), context);
  }

  /**
   * Compares as the notes ask: only where a score is above the floor; in single precision 1% of the
   * kept flags may differ, and a probability by 0.01.
   */
  private static void compare(
      GoldenCase c,
      GoldenResults to,
      List<Parameter> selected,
      Importance importance,
      SelectiveMask mask) {
    boolean single = c.dtype() == DType.F32;
    double entries = c.number("total_entries");
    double untrusted = c.number("untrusted_entries");
    int[] differing = new int[1];
    int active = 0;
    double closest = 1;
    List<Tensor> scores = importance.means();
    List<Tensor> relative = Ranks.relative(scores);
    for (int i = 0; i < selected.size(); i++) {
      Parameter p = selected.get(i);
      if (!c.has("u." + p.name())) {
        continue;
      }
      double[] trust = Rules.expected(c, "score." + p.name());
      double floor = c.number("trusted_floor");
      to.put("score." + p.name(), scores.get(i).toDoubles(), Rules.where(c, k -> trust[k] > floor));
      to.put(
          "rank." + p.name(),
          ranks(relative.get(i), c.whole("total_entries")),
          (e, a) -> {
            for (int k = 0; k < e.length; k++) {
              if (trust[k] > floor && single) {
                assertEquals(keep(c, e[k]), keep(c, a[k]), 0.01);
              } else if (trust[k] > floor) {
                assertEquals(e[k], a[k], c + " rank." + p.name() + ", entry " + k);
              }
            }
          });
      double[] kept = Arrays.stream(mask.of(p).toDoubles()).map(m -> m > 0 ? 1 : 0).toArray();
      to.put(
          "kept." + p.name(),
          kept,
          (e, a) -> {
            for (int k = 0; k < e.length; k++) {
              differing[0] += trust[k] > floor && e[k] != a[k] ? 1 : 0;
            }
            assertTrue(differing[0] <= (single ? 0.01 * entries : 0), differing[0] + " differ");
          });
      active += (int) Arrays.stream(kept).sum();
      double[] u = c.tensor("u." + p.name()).toDoubles();
      double[] probability = mask.probability(p).toDoubles();
      for (int k = 0; k < u.length; k++) {
        closest = Math.min(closest, Math.abs(u[k] - probability[k]));
      }
    }
    double slack = single ? 0.01 : 1e-9;
    to.put(
        "active_fraction",
        new double[] {active / entries},
        (e, a) -> // the key biases, whose numbers are not given, are in the expected share
        assertTrue(
                e[0] >= a[0] - slack && e[0] <= a[0] + untrusted / entries + slack,
                e[0] + " expected, " + a[0]));
    to.put("closest_u", new double[] {closest}, Rules.within(single ? 0.01 : 1e-9));
  }

  private static double keep(GoldenCase c, double rank) {
    double s = rank / (c.number("total_entries") - 1);
    return 1 / (1 + Math.exp(-2 * c.number("beta") * (s - c.number("alpha"))));
  }

  private static void adamW(GoldenCase c, GoldenResults to) {
    List<Parameter> parameters = parameters(c, "param.");
    List<Parameter> masked = parameters.stream().filter(p -> c.has("mask." + p.name())).toList();
    SelectiveMask mask = new SelectiveMask(masked, 0.5, 1, true);
    masked.forEach(p -> mask.set(p, c.tensor("mask." + p.name())));
    List<AdamWOptimizer> optimizers = new ArrayList<>(); // one each, for a decay of its own
    for (Parameter p : parameters) {
      optimizers.add(
          new AdamWOptimizer(
              List.of(p),
              new AdamWOptimizer.Settings(
                  c.number("lr"),
                  c.number("beta1"),
                  c.number("beta2"),
                  c.number("eps"),
                  c.param("weight_decay").get(p.name()).doubleValue(),
                  AdamWOptimizer.Form.TRANSFORMERS)));
    }
    for (int t = 0; t < c.whole("steps"); t++) {
      Gradients gradients = mask.apply(gradients(c, parameters, "grad." + t + "."));
      String at = "." + t + ".";
      for (AdamWOptimizer o : optimizers) {
        o.step(gradients, 1, Double.POSITIVE_INFINITY);
        o.state()
            .forEach((name, moment) -> {
              int dot = name.lastIndexOf('.');
              to.put(name.substring(dot + 1) + at + name.substring(0, dot), moment);
            });
      }
      parameters.forEach(p -> to.put("param" + at + p.name(), p.value()));
    }
  }
}
