package dev.bulwark.robust.golden;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Weights;
import dev.bulwark.nn.layer.Linear;
import dev.bulwark.robust.objective.ProjectionPair;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Heads of RIFT's cases: ours are named "student.hidden.weight" and so on, theirs "s.w1". */
final class RiftHeads {
  private static final Map<String, String> OURS =
      Map.of(
          "w1", "hidden.weight", "b1", "hidden.bias", "w2", "output.weight", "b2", "output.bias");

  /** A pair of heads, and their parameters by the case's names. */
  static ProjectionPair pair(
      GoldenCase c, String student, String teacher, Map<String, Parameter> byName) {
    Map<String, Tensor> weights = new HashMap<>();
    Map<String, String> names = new HashMap<>();
    Map.of("student.", student, "teacher.", teacher)
        .forEach((ours, theirs) ->
            OURS.forEach((w, name) -> {
              weights.put(ours + name, c.tensor(theirs + "." + w));
              names.put(ours + name, theirs + "." + w);
            }));
    Shape w1 = c.shape(student + ".w1");
    ProjectionPair pair =
        new ProjectionPair(
            source(c, weights), w1.dim(1), w1.dim(0), c.shape(student + ".w2").dim(0));
    pair.parameters().forEach((name, p) -> byName.put(names.get(name), p));
    return pair;
  }

  /** A pair for each class, named with its number. */
  static List<ProjectionPair> pairs(GoldenCase c, String prefix, Map<String, Parameter> byName) {
    return IntStream.range(0, c.whole("num_classes"))
        .mapToObj(k -> pair(c, prefix + "s" + k, prefix + "t" + k, byName))
        .toList();
  }

  private static Source source(GoldenCase c, Map<String, Tensor> weights) {
    return Source.of(Weights.of("the case", weights), c.dtype(), Rng.seed(0));
  }

  /** The case's classifier with two layers. */
  static BiFunction<Context, Variable, Variable> classifier(
      GoldenCase c, Map<String, Parameter> byName) {
    Map<String, Tensor> weights = new HashMap<>();
    OURS.forEach((w, name) -> weights.put(name, c.tensor("cls." + w)));
    Source source = source(c, weights);
    Shape w1 = c.shape("cls.w1");
    Linear hidden = new Linear(source.under("hidden"), w1.dim(1), w1.dim(0));
    Linear output = new Linear(source.under("output"), w1.dim(0), c.shape("cls.w2").dim(0));
    Map<String, Parameter> all = new HashMap<>(hidden.parameters());
    all.putAll(output.parameters());
    OURS.forEach((w, name) -> byName.put("cls." + w, all.get(name)));
    return (context, pooled) -> output.forward(Elementwise.relu(hidden.forward(pooled)));
  }
}
