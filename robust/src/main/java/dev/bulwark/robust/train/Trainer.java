package dev.bulwark.robust.train;

import dev.bulwark.nn.Context;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.nn.optim.Schedule;
import dev.bulwark.robust.data.Batcher;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.ModelPredictor;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.io.IOException;
import java.util.List;

/**
 * The training loop: batches of an epoch, gradients of an objective, a clipped AdamW step; after
 * each epoch the development set decides whether the model is the best so far.
 *
 * <p>Every random stream is a function of the seed and the step or epoch number, so a run that goes
 * on from a {@link Snapshots snapshot} computes the same bits as one that was never stopped.
 */
public final class Trainer {
  private final Classifier classifier;
  private final Objective objective;
  private final TrainSettings settings;
  private final AdamWOptimizer optimizer;
  private final Rng rng;

  /**
   * A trainer.
   *
   * @param classifier the model to train, in place
   * @param objective what a step minimises
   * @param settings numbers of the run
   */
  public Trainer(Classifier classifier, Objective objective, TrainSettings settings) {
    this.classifier = classifier;
    this.objective = objective;
    this.settings = settings;
    this.optimizer =
        new AdamWOptimizer(
            classifier.model().parameters().values(),
            AdamWOptimizer.Settings.of(settings.learningRate(), settings.weightDecay()));
    this.rng = Rng.seed(settings.seed());
  }

  /**
   * Trains to the end, or until patience is out.
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
    int maxLength = Math.min(settings.maxLength(), classifier.model().config().maxPositions());
    Batcher batcher = new Batcher(train, classifier.tokenizer(), maxLength, settings.batchSize());
    int total = settings.epochs() * batcher.batchesPerEpoch();
    Schedule schedule =
        new Schedule(settings.decay(), (int) Math.ceil(settings.warmupRatio() * total), total);
    Progress at = run.restore(classifier.model(), optimizer);
    listener.onStart(at);
    while (at.epoch() < settings.epochs() && !outOfPatience(at)) {
      at = epoch(batcher, schedule, at, run, listener);
      Evaluation e = Evaluation.of(new ModelPredictor(classifier, maxLength), dev);
      boolean best = e.accuracy() > at.bestAccuracy();
      if (best) {
        run.saveModel(classifier);
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
        run.snapshot(classifier.model(), optimizer, at);
      }
    }
    return at;
  }

  private boolean outOfPatience(Progress at) {
    return settings.patience() > 0 && at.epochsSinceBest() >= settings.patience();
  }

  private Progress epoch(
      Batcher batcher, Schedule schedule, Progress from, RunStore run, TrainListener listener)
      throws IOException {
    Progress at = from;
    List<int[]> batches = batcher.epoch(rng.split("epoch").split(at.epoch()));
    while (at.batch() < batches.size()) {
      int[] examples = batches.get(at.batch());
      TrainListener.StepReading reading = step(batcher, examples, schedule, at);
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
        run.snapshot(classifier.model(), optimizer, at);
      }
    }
    return at;
  }

  private TrainListener.StepReading step(
      Batcher batcher, int[] examples, Schedule schedule, Progress at) {
    return Scope.call(
        "step " + (at.step() + 1),
        () -> {
          Context context = Context.training(rng.split("step").split(at.step()));
          Objective.Result result =
              objective.gradients(new Step(classifier.model(), batcher.batch(examples), context));
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
          double factor = schedule.factor(at.step());
          double norm = optimizer.step(result.gradients(), factor, settings.maxGradNorm());
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

  /**
   * Accuracy and loss on labelled examples.
   *
   * @param accuracy share classified right
   * @param loss mean cross-entropy in nats
   */
  record Evaluation(double accuracy, double loss) {
    static Evaluation of(ModelPredictor predictor, List<Example> examples) {
      float[][] p =
          predictor.predict(examples.stream().map(e -> new TextInput(e.text(), e.pair())).toList());
      int right = 0;
      double loss = 0;
      for (int i = 0; i < p.length; i++) {
        int label = examples.get(i).label();
        int best = 0;
        for (int c = 1; c < p[i].length; c++) {
          best = p[i][c] > p[i][best] ? c : best;
        }
        right += best == label ? 1 : 0;
        loss -= Math.log(Math.max(p[i][label], 1e-12));
      }
      return new Evaluation((double) right / p.length, loss / p.length);
    }
  }
}
