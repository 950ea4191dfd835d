package dev.bulwark.robust.train;

import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.nn.optim.Schedule;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batcher;
import dev.bulwark.robust.data.Batches;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.method.Setup;
import dev.bulwark.robust.method.Tuning;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The training loop: batches of an epoch, gradients of an objective, a clipped AdamW step; after
 * each epoch the development set decides whether the model is the best so far.
 *
 * <p>Every random stream is a function of the seed and the step or epoch number, so a run that goes
 * on from a {@link Snapshots snapshot} computes the same bits as one that was never stopped.
 */
public final class Trainer {
  private final Classifier classifier;
  private final Recipe recipe;
  private final Tuning tuning;
  private final Objective objective;
  private final TrainSettings settings;
  private final AdamWOptimizer optimizer;
  private final int maxLength;
  private final RunState state;
  private final LossScaling scaling = new LossScaling(Backends.current().precision());
  private final Rng rng;

  /**
   * A trainer.
   *
   * @param classifier the model to train, in place, with its pre-trained weights
   * @param recipe how: the method with its options
   * @param settings numbers of the run
   * @throws IllegalArgumentException if the method does not fit the model
   */
  public Trainer(Classifier classifier, Recipe recipe, TrainSettings settings) {
    this(classifier, recipe, settings, Optional.empty());
  }

  /**
   * A trainer for methods that attack.
   *
   * @param classifier the model to train, in place, with its pre-trained weights
   * @param recipe how: the method with its options
   * @param settings numbers of the run
   * @param adversary attacks examples
   * @throws IllegalArgumentException if the method does not fit the model
   */
  public Trainer(
      Classifier classifier,
      Recipe recipe,
      TrainSettings settings,
      Optional<Setup.Adversary> adversary) {
    this.classifier = classifier;
    this.recipe = recipe;
    this.settings = settings;
    this.rng = Rng.seed(settings.seed());
    this.maxLength = Math.min(settings.maxLength(), classifier.model().config().maxPositions());
    this.tuning =
        recipe
            .tuning()
            .apply(
                new Setup(
                    classifier, maxLength, settings.epochs(), rng.split("method"), adversary));
    this.objective = new StepObjective(tuning);
    List<Parameter> beside =
        tuning.modules().stream().flatMap(m -> m.parameters().values().stream()).toList();
    Collection<Parameter> model = classifier.model().parameters().values();
    this.optimizer =
        new AdamWOptimizer(
            model,
            beside,
            tuning.optimizer(
                AdamWOptimizer.Settings.of(settings.learningRate(), settings.weightDecay())));
    this.state =
        new RunState(
            Stream.concat(model.stream(), beside.stream()).toList(),
            merged(tuning.state(), scaling.state()),
            optimizer);
  }

  /**
   * Trains a classifier to the end, or until patience is out.
   *
   * @param train training examples
   * @param dev development examples
   * @param run where snapshots and the best model go, and where a stopped run left off
   * @param listener watches
   * @return how far it came
   * @throws IOException if a snapshot or model cannot be written
   */
  public Progress fit(List<Example> train, List<Example> dev, RunStore run, TrainListener listener)
      throws IOException {
    Batcher batcher =
        new Batcher(
            tuning.examples(train),
            classifier.inputs(maxLength),
            settings.batchSize(),
            tuning.order().orElse(BatchOrder.BY_LENGTH));
    Predictor predictor = recipe.developmentPredictor(classifier, maxLength);
    return fit(batcher, () -> Evaluation.of(predictor, dev), run, listener);
  }

  /**
   * Trains any model to the end, or until patience is out.
   *
   * @param data training batches
   * @param dev scores the model after each epoch
   * @param run where snapshots and the best model go, and where a stopped run left off
   * @param listener watches
   * @return how far it came
   * @throws IOException if a snapshot or model cannot be written
   */
  public Progress fit(Batches data, Evaluation.Evaluator dev, RunStore run, TrainListener listener)
      throws IOException {
    int total = settings.epochs() * data.batchesPerEpoch();
    Schedule schedule =
        tuning.schedule(
            new Schedule(settings.decay(), (int) Math.ceil(settings.warmupRatio() * total), total),
            settings.learningRate());
    Progress at = run.restore(state);
    listener.onStart(at);
    if (at.equals(Progress.START)) {
      tuning.prepare(data, rng.split("prepare"));
    }
    while (at.epoch() < settings.epochs() && !outOfPatience(at)) {
      at = epoch(data, schedule, at, run, listener);
      Evaluation e = tuning.asUsed(dev::evaluate);
      boolean best = e.accuracy() > at.bestAccuracy();
      if (best) {
        saveModel(run);
      }
      listener.onEpoch(
          new TrainListener.EpochReading(
              at.epoch() + 1, at.lossSum() / at.batch(), e.accuracy(), e.loss(), best));
      at =
          new Progress(
              at.step(),
              at.epoch() + 1,
              0,
              0,
              best ? e.accuracy() : at.bestAccuracy(),
              best ? 0 : at.epochsSinceBest() + 1);
      if (settings.snapshotEvery() > 0) {
        run.snapshot(state, at);
      }
    }
    return at;
  }

  private static Map<String, Tensor> merged(Map<String, Tensor> a, Map<String, Tensor> b) {
    Map<String, Tensor> all = new LinkedHashMap<>(a);
    all.putAll(b);
    return all;
  }

  private void saveModel(RunStore run) throws IOException {
    try {
      tuning.asUsed(() -> {
        try {
          run.saveModel(classifier);
          return 0;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean outOfPatience(Progress at) {
    return settings.patience() > 0 && at.epochsSinceBest() >= settings.patience();
  }

  private Progress epoch(
      Batches data, Schedule schedule, Progress from, RunStore run, TrainListener listener)
      throws IOException {
    Progress at = from;
    List<int[]> batches = data.epoch(rng.split("epoch").split(at.epoch()));
    if (at.batch() == 0) {
      tuning.startEpoch(at.epoch(), rng.split("start of epoch").split(at.epoch()));
    }
    while (at.batch() < batches.size()) {
      int[] examples = batches.get(at.batch());
      TrainListener.StepReading reading = step(data, examples, schedule, at);
      at =
          new Progress(
              at.step() + 1,
              at.epoch(),
              at.batch() + 1,
              at.lossSum() + reading.loss(),
              at.bestAccuracy(),
              at.epochsSinceBest());
      listener.onStep(reading);
      boolean last = at.batch() == batches.size(); // the epoch's end takes its own snapshot
      if (settings.snapshotEvery() > 0 && at.step() % settings.snapshotEvery() == 0 && !last) {
        run.snapshot(state, at);
      }
    }
    return at;
  }

  private TrainListener.StepReading step(
      Batches data, int[] examples, Schedule schedule, Progress at) {
    return Scope.call(
        "step " + (at.step() + 1),
        () -> {
          Context context = Context.training(rng.split("step").split(at.step()));
          Objective.Result result =
              scaling.gradients(() ->
                  objective.gradients(
                      new Step(
                          classifier.model(),
                          data.batch(examples),
                          context,
                          Draws.of(context.rng().split("draws")),
                          tuning.passTerms())));
          if (!Double.isFinite(result.loss())) {
            throw new IllegalStateException(
                "the loss of step "
                    + (at.step() + 1)
                    + " is "
                    + result.loss()
                    + "; lower the learning rate (now "
                    + settings.learningRate()
                    + ") or the perturbation");
          }
          double factor = schedule.factor(at.step()) * tuning.rateFactor(at.epoch());
          double norm =
              scaling.accepts(result)
                  ? optimizer.step(
                      result.gradients(), factor, tuning.maxGradNorm(settings.maxGradNorm()))
                  : Double.NaN; // left out: a gradient overflowed
          return new TrainListener.StepReading(
              at.step() + 1,
              schedule.total(),
              at.epoch() + 1,
              result.loss(),
              settings.learningRate() * factor,
              norm,
              examples.length,
              result.readings());
        });
  }
}
