package dev.bulwark.bench;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.data.Corpus;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.train.RunStore;
import dev.bulwark.robust.train.TrainListener;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.HeapPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a training step of each method costs beside one of plain fine-tuning: time, the arithmetic
 * of its forward and backward passes, and memory. Methods alternate with plain fine-tuning, round
 * by round, on the same batches of real text.
 */
public final class MethodCosts {
  private static final int WARMUP = 2;

  private MethodCosts() {}

  /**
   * Measures and prints a Markdown table.
   *
   * @param args model, training file, batch size, timed steps a round, rounds, then methods as
   *     "METHOD" or "METHOD:NAME=VALUE;NAME=VALUE"
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 6) {
      throw new IllegalArgumentException(
          "usage: MethodCosts MODEL TRAIN-FILE BATCH-SIZE STEPS ROUNDS METHOD...");
    }
    Corpus corpus = Corpus.of(Path.of(args[1]));
    Labels labels = corpus.labels();
    List<Example> examples = corpus.readAll(labels);
    int batch = Integer.parseInt(args[2]);
    int steps = Integer.parseInt(args[3]);
    int rounds = Integer.parseInt(args[4]);
    List<Example> some = examples.subList(0, Math.min(examples.size(), batch * (WARMUP + steps)));
    Map<String, Cost> costs = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (String spec : args(args)) {
        Cost plain = costs.computeIfAbsent("standard", k -> new Cost());
        double baseline = milliseconds(args[0], "standard", some, labels, batch, plain);
        Cost cost = costs.computeIfAbsent(spec, k -> new Cost());
        double own =
            spec.equals("standard")
                ? baseline
                : milliseconds(args[0], spec, some, labels, batch, cost);
        cost.ratios.add(own / baseline);
      }
    }
    print(args[0], batch, costs, args(args));
  }

  private static List<String> args(String[] args) {
    return Arrays.asList(args).subList(5, args.length);
  }

  /** Readings of one method. */
  private static final class Cost {
    final List<Double> ratios = new ArrayList<>();
    final List<Double> milliseconds = new ArrayList<>();
    double operations;
    long peak;
  }

  /** Median time of a step; the first call of a method also counts operations and memory. */
  private static double milliseconds(
      String model, String spec, List<Example> examples, Labels labels, int batch, Cost cost)
      throws IOException {
    if (cost.operations == 0) {
      CountingBackend counting = new CountingBackend(Backends.current());
      Meter meter = new Meter(counting);
      List<Example> few = examples.subList(0, Math.min(examples.size(), batch * (WARMUP + 3)));
      with(counting, () -> train(model, spec, few, labels, batch, meter));
      cost.operations = meter.operations / (double) meter.counted;
      cost.peak = meter.peak;
    }
    Meter meter = new Meter(null);
    train(model, spec, examples, labels, batch, meter);
    double[] times = meter.milliseconds.stream().mapToDouble(d -> d).sorted().toArray();
    double median = times[times.length / 2];
    cost.milliseconds.add(median);
    return median;
  }

  private static void with(Backend backend, Runnable body) {
    Supplier<Integer> supplier =
        () -> {
          body.run();
          return 0;
        };
    Backends.with(backend, supplier);
  }

  private static void train(
      String model, String spec, List<Example> examples, Labels labels, int batch, Meter meter) {
    String method = spec.contains(":") ? spec.substring(0, spec.indexOf(':')) : spec;
    Map<String, String> options = new LinkedHashMap<>();
    if (spec.contains(":")) {
      for (String option : spec.substring(spec.indexOf(':') + 1).split(";")) {
        options.put(
            option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
      }
    }
    Recipe recipe = Methods.recipe(method, options);
    TrainSettings settings =
        new TrainSettings(1, batch, 2e-5, 0, Decay.CONSTANT, 0.01, 1.0, 128, 0, 0, 42);
    try (Checkpoint pretrained = Models.open(model, line -> {})) {
      Classifier classifier = recipe.onTopOf(pretrained, labels, Rng.seed(1));
      new Trainer(classifier, recipe, settings)
          .fit(examples, examples.subList(0, 2), RunStore.NONE, meter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads clock, counter and memory at the end of each step. */
  private static final class Meter implements TrainListener {
    private final @Nullable CountingBackend counting;
    final List<Double> milliseconds = new ArrayList<>();
    long operations;
    int counted;
    long peak;
    private final long before = HeapPool.usedBytes(); // earlier models, left to the collector
    private long last;

    Meter(@Nullable CountingBackend counting) {
      this.counting = counting;
    }

    @Override
    public void onStep(StepReading step) {
      long now = System.nanoTime();
      if (step.step() > WARMUP) {
        milliseconds.add((now - last) / 1e6);
        peak = Math.max(peak, HeapPool.peakBytes() - before);
        operations += counting == null ? 0 : counting.take();
        counted++;
      } else if (counting != null) {
        counting.take();
      }
      HeapPool.resetPeak();
      last = System.nanoTime();
    }
  }

  private static void print(String model, int batch, Map<String, Cost> costs, List<String> specs) {
    Cost plain = Objects.requireNonNull(costs.get("standard"));
    System.out.printf(
        Locale.ROOT,
        "%s, batches of %d: a plain step takes %.0f ms and at most %.0f MiB of tensors%n%n",
        model,
        batch,
        median(plain.milliseconds),
        plain.peak / 1048576.0);
    System.out.println(
        "| method | step time | passes explain | time over passes | peak tensor memory |");
    System.out.println("| --- | --- | --- | --- | --- |");
    for (String spec : specs) {
      Cost c = Objects.requireNonNull(costs.get(spec));
      double ratio = median(c.ratios);
      double explained = c.operations / plain.operations;
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2fx (%.2f to %.2f) | %.2fx | %.2f | %.2fx |%n",
          spec,
          ratio,
          c.ratios.stream().mapToDouble(d -> d).min().orElseThrow(),
          c.ratios.stream().mapToDouble(d -> d).max().orElseThrow(),
          explained,
          ratio / explained,
          (double) c.peak / plain.peak);
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
