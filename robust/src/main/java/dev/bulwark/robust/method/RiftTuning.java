package dev.bulwark.robust.method;

import dev.bulwark.nn.Module;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.nn.optim.EpochSchedule;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batches;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.ParameterDistance;
import dev.bulwark.robust.objective.RiftTerms;
import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The training loop of RIFT's and ASCC's released code, beside the loss: batches of class blocks,
 * decay of heads only, a warm-up by epoch.
 */
final class RiftTuning implements Tuning {
  private static final double EPSILON = 1e-6; // of AdamW in the transformers library of its day

  private final Rift objective;
  private final boolean classBlocks;
  private final boolean byClass;
  private final double headDecay;
  private final EpochSchedule schedule;

  RiftTuning(Rift objective, boolean classBlocks, boolean byClass, double headDecay, int warmup) {
    this.objective = objective;
    this.classBlocks = classBlocks;
    this.byClass = byClass;
    this.headDecay = headDecay;
    this.schedule = new EpochSchedule(warmup, 0.1, List.of(50, 80), 0.1);
  }

  @Override
  public Optional<Objective> objective() {
    return Optional.of(objective);
  }

  @Override
  public List<Module> modules() {
    List<Module> heads = new ArrayList<>();
    for (RiftTerms.Teacher t : objective.parts().teacher().stream().toList()) {
      heads.add(t.heads());
      heads.addAll(t.classHeads());
    }
    return heads;
  }

  @Override
  public Optional<BatchOrder> order() {
    return classBlocks ? Optional.of(BatchOrder.CLASS_BLOCKS) : Optional.empty();
  }

  @Override
  public AdamWOptimizer.Settings optimizer(AdamWOptimizer.Settings usual) {
    return new AdamWOptimizer.Settings(
        usual.learningRate(),
        usual.beta1(),
        usual.beta2(),
        EPSILON,
        headDecay,
        AdamWOptimizer.Form.TRANSFORMERS,
        name -> !ParameterDistance.isPretrained(name));
  }

  @Override
  public double rateFactor(int epoch) {
    return schedule.factor(epoch);
  }

  @Override
  public void prepare(Batches data, Rng rng) {
    if (byClass) {
      int[] labels = data.batch(data.epoch(rng).getFirst()).labels();
      requireBlocks(labels, objective.parts().student().classes());
    }
  }

  /** Refuses labels that are not C equal blocks of at least two. */
  private static void requireBlocks(int[] labels, int classes) {
    int each = labels.length / classes;
    for (int i = 0; i < labels.length; i++) {
      if (each < 2 || labels.length % classes != 0 || labels[i] != i / each) {
        throw new IllegalArgumentException(
            ("negatives of the same class need at least two examples of each of the %d classes in"
                    + " every batch, class by class; the first batch has the labels %s. Give"
                    + " examples of every class, raise the batch size to at least %d, or set"
                    + " w-mi-giveny-clean and w-mi-giveny-adv to 0")
                .formatted(classes, Arrays.toString(labels), 2 * classes));
      }
    }
  }
}
