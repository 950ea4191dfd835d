package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.nn.optim.Schedule;
import dev.bulwark.robust.data.Batches;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The selective half of RoAST (Kim et al., EMNLP Findings 2023): gradients inside encoder layers
 * reach the optimiser through a {@link SelectiveMask}, whose probabilities come from the gradients
 * of the epoch before; those of the first epoch from a pass of clean cross-entropy before it.
 *
 * <p>Holds 12 bytes for each selected entry, and at the start of an epoch what {@link Ranks} needs:
 * for BERT-base (85 million entries) 1.0 GB, and 1.0 GB more for a moment. During a step there is a
 * masked copy of the gradients, 0.3 GB.
 */
final class SelectiveUpdate implements Tuning {
  static final List<Option> OPTIONS =
      List.of(
          Option.number("alpha", 0.9, "relative rank that is updated half the time, in (0, 1)"),
          Option.number("beta", 10, "how sharply the probability rises with the rank, above 0"),
          Option.flag("unbiased-scale", true, "divides a kept gradient by its probability"),
          Option.whole("mask-every", 0, "steps that share a mask; 0: an epoch, as released"),
          Option.choice(
              "clipping",
              "released",
              "released: none, for what is divided by a small probability would fill the norm that"
                  + " all gradients share; run: what the run's settings say",
              "released",
              "run"),
          Option.choice(
              "schedule",
              "released",
              "released: warm-up over 0.06 of all steps, rounded down, then straight to 1e-7; run:"
                  + " what the run's settings say",
              "released",
              "run"));

  static final Method METHOD =
      new Method(
          "selective",
          "Updates a weight the more often, the larger its gradients were.",
          "Kim et al., EMNLP Findings 2023",
          OPTIONS,
          SelectiveUpdate::recipe);

  private static final double WARMUP = 0.06;
  private static final double LAST_RATE = 1e-7;

  private final ClassifierModel model;
  private final Importance importance;
  private final SelectiveMask mask;
  private final int maskEvery;
  private final boolean ownSchedule;
  private final boolean clipped;

  private SelectiveUpdate(ClassifierModel model, Settings s) {
    this.model = model;
    List<Parameter> selected = Importance.inLayers(model.parameters().values());
    importance = new Importance(selected, true);
    mask =
        new SelectiveMask(selected, s.number("alpha"), s.number("beta"), s.flag("unbiased-scale"));
    maskEvery = s.whole("mask-every");
    ownSchedule = s.text("schedule").equals("released");
    clipped = s.text("clipping").equals("run");
  }

  static Recipe recipe(Settings s) {
    double alpha = s.number("alpha");
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException(
          "alpha must lie between 0 and 1, not " + alpha + "; leave the method out to update all");
    }
    if (!(s.number("beta") > 0)) {
      throw new IllegalArgumentException("beta must be above 0, not " + s.number("beta"));
    }
    s.atLeast(0, "mask-every");
    return Recipe.tuned(setup -> new SelectiveUpdate(setup.classifier().model(), s));
  }

  @Override
  public void prepare(Batches data, Rng rng) {
    importance.pass(model, data, rng);
  }

  @Override
  public void startEpoch(int epoch, Rng rng) {
    Scope.run(
        "selective mask",
        () -> {
          mask.rank(Ranks.relative(importance.sums()));
          mask.toss(Draws.of(rng.split("mask")));
          importance.clear();
        });
  }

  @Override
  public Gradients filter(Gradients gradients, Step step) {
    int done = importance.batches();
    if (maskEvery > 0 && done > 0 && done % maskEvery == 0) {
      mask.toss(step.draws());
    }
    importance.add(gradients);
    return mask.apply(gradients);
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    importance.state().forEach((name, t) -> state.put("selective." + name, t));
    mask.state().forEach((name, t) -> state.put("selective." + name, t));
    return state;
  }

  @Override
  public AdamWOptimizer.Settings optimizer(AdamWOptimizer.Settings usual) {
    return new AdamWOptimizer.Settings(
        usual.learningRate(),
        0.9,
        0.98,
        1e-6,
        usual.weightDecay(),
        AdamWOptimizer.Form.TRANSFORMERS);
  }

  @Override
  public double maxGradNorm(double usual) {
    return clipped ? usual : Double.POSITIVE_INFINITY;
  }

  @Override
  public Schedule schedule(Schedule usual, double learningRate) {
    return ownSchedule ? schedule(usual.total(), learningRate) : usual;
  }

  /** RoAST's learning rate over a run of so many steps. */
  static Schedule schedule(int total, double learningRate) {
    double end = Math.min(1, LAST_RATE / learningRate);
    return new Schedule(Schedule.Decay.LINEAR, (int) Math.floor(WARMUP * total), total, end, 1);
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
