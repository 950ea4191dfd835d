package dev.bulwark.robust.method;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.data.Batches;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much each entry of some parameters matters: its squared gradient, averaged over batches (the
 * diagonal of the empirical Fisher information).
 */
public final class Importance {
  private final Map<Parameter, Tensor> sums = new LinkedHashMap<>();
  private final Tensor batches = Tensor.zeros(Shape.of(1), DType.I32).retain();
  private final boolean firstLost;

  /**
   * Zero importance.
   *
   * @param parameters whose entries are judged
   * @param firstLost whether the first batch is counted but not added, as in RoAST's code
   */
  public Importance(Collection<Parameter> parameters, boolean firstLost) {
    this.firstLost = firstLost;
    for (Parameter p : parameters) {
      sums.put(p, Tensor.zeros(p.value().shape(), p.value().dtype()).retain());
    }
  }

  /** The parameters that lie inside encoder layers: all but embeddings, pooler and head. */
  public static List<Parameter> inLayers(Collection<Parameter> all) {
    return all.stream().filter(p -> p.name().contains("layer.")).toList();
  }

  /** Adds the squares of one batch's gradients. */
  public void add(Gradients gradients) {
    if (batches() > 0 || !firstLost) {
      sums.forEach((p, sum) -> gradients.of(p.leaf()).ifPresent(g -> addSquare(g, sum)));
    }
    batches.kernels().fill(batches, batches() + 1);
  }

  /**
   * Adds the gradients of clean cross-entropy over all data, in training mode, with nothing
   * updated.
   *
   * @param model where it stands
   * @param data one epoch of it
   * @param rng stream of the order and of dropout
   */
  void pass(ClassifierModel model, Batches data, Rng rng) {
    List<int[]> order = data.epoch(rng.split("order"));
    for (int j = 0; j < order.size(); j++) {
      Context context = Context.training(rng.split("batch").split(j));
      int[] examples = order.get(j);
      Scope.run(
          "importance",
          () -> {
            Step step = new Step(model, data.batch(examples), context);
            add(Methods.plain().gradients(step).gradients());
          });
    }
  }

  private static void addSquare(Tensor gradient, Tensor sum) {
    Scope.run("square", () -> sum.kernels().addScaled(gradient.map(Unary.SQUARE), 1, sum));
  }

  /** Number of batches since the last {@link #clear}, the lost one included. */
  public int batches() {
    return batches.toInts()[0];
  }

  /** Mean square of each entry, by parameter, in the order of the parameters. */
  public List<Tensor> means() {
    double share = 1.0 / Math.max(1, batches());
    return sums.values().stream().map(sum -> sum.times(share)).toList();
  }

  /** Sums of squares, which rank as the means do; live tensors. */
  List<Tensor> sums() {
    return new ArrayList<>(sums.values());
  }

  /** Forgets all batches. */
  public void clear() {
    sums.values().forEach(sum -> sum.kernels().fill(sum, 0));
    batches.kernels().fill(batches, 0);
  }

  /** The live tensors by name, for snapshots. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("importance.batches", batches);
    sums.forEach((p, sum) -> state.put("importance." + p.name(), sum));
    return state;
  }
}
