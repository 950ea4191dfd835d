package dev.bulwark.robust.cli;

import dev.bulwark.robust.eval.TrainingCurve;
import dev.bulwark.robust.eval.TrainingCurve.Point;
import dev.bulwark.robust.train.Progress;
import dev.bulwark.robust.train.TrainListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows a training run on the console and keeps its curve for the report. */
final class TrainingView implements TrainListener, AutoCloseable {
  private final String name;
  private final String score;
  private final boolean quiet;
  private final long start = System.nanoTime();
  private final List<Point> loss = new ArrayList<>();
  private final List<Point> accuracy = new ArrayList<>();
  private @Nullable Console console;
  private long examples;
  private int lastStep;
  private double smoothed = Double.NaN;

  TrainingView(String name, boolean quiet) {
    this(name, "accuracy", quiet);
  }

  /** Shows a run that is judged by something other than accuracy. */
  TrainingView(String name, String score, boolean quiet) {
    this.name = name;
    this.score = score;
    this.quiet = quiet;
  }

  @Override
  public void onStart(Progress at) {
    if (at.step() > 0 && !quiet) {
      Console.say("%s goes on after step %d", name, at.step());
    }
  }

  @Override
  public void onStep(StepReading s) {
    if (console == null) {
      console = new Console("training " + name, "steps", s.totalSteps(), quiet);
    }
    lastStep = s.step();
    examples += s.examples();
    smoothed = Double.isNaN(smoothed) ? s.loss() : 0.9 * smoothed + 0.1 * s.loss();
    loss.add(new Point(s.step(), s.loss()));
    console.at(
        s.step(),
        String.format(Locale.ROOT, "loss %.4f, %.0f examples/s", smoothed, examples / seconds()));
  }

  @Override
  public void onEpoch(EpochReading e) {
    accuracy.add(new Point(lastStep, e.devAccuracy()));
    if (!quiet) {
      Console.say(
          "%s epoch %d: loss %.4f, dev loss %.4f, dev %s %.2f %%%s",
          name,
          e.epoch(),
          e.trainLoss(),
          e.devLoss(),
          score,
          100 * e.devAccuracy(),
          e.best() ? " (best so far, saved)" : "");
    }
  }

  /** The curve so far. */
  TrainingCurve curve() {
    return new TrainingCurve(seconds(), loss, accuracy);
  }

  /** Examples trained per second, evaluation included. */
  double rate() {
    return examples / seconds();
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() {
    if (console != null) {
      console.close();
    }
  }
}
