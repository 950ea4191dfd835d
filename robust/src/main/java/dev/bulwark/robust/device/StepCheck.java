package dev.bulwark.robust.device;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.LossScale;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.layer.Activation;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.DeviceStatistics;
import dev.bulwark.tensor.backend.Precision;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One step of a small BERT with dropout, forward and backward, on a device and on the CPU: every
 * gradient must agree, and nothing but inputs and the loss may cross between them.
 */
public final class StepCheck {
  private static final int SEQUENCES = 3;
  private static final int LENGTH = 17;
  private static final int WORDS = 61;
  private static final BertConfig CONFIG =
      new BertConfig(WORDS, 48, 2, 3, 96, Activation.GELU, 0.1, 0.1, LENGTH, 2, 1e-12, 0);

  private StepCheck() {}

  /**
   * How a step compares.
   *
   * @param precision of the device's products
   * @param loss on the device, in nats
   * @param expectedLoss on the CPU
   * @param worst largest difference of a gradient over the largest gradient of its parameter
   * @param parameter where that is
   * @param uploads copies to the device within the second step
   * @param downloads copies from it within the second step
   * @param launches kernels and library calls of the second step
   */
  public record Result(
      Precision precision,
      double loss,
      double expectedLoss,
      double worst,
      String parameter,
      long uploads,
      long downloads,
      long launches) {

    /** Largest difference that rounding of operands explains in a network of this size. */
    double bound() {
      return switch (precision) {
        case F32 -> 1e-4;
        case TF32, F16 -> 2e-2;
        case BF16 -> 1e-1;
      };
    }

    /** Whether loss and gradients agree within what the precision explains. */
    public boolean agrees() {
      return worst <= bound() && Math.abs(loss - expectedLoss) <= bound() * expectedLoss;
    }

    String describe() {
      return String.format(
          Locale.ROOT,
          "loss %.6f, on the CPU %.6f; gradient of %s differs by %.2g of its largest, bound %.2g",
          loss,
          expectedLoss,
          parameter,
          worst,
          bound());
    }
  }

  /**
   * Computes the step on both.
   *
   * @param backend the device's back end; its precision is as before afterwards
   * @param precision of its products
   * @return the comparison
   */
  public static Result run(Backend backend, Precision precision) {
    Precision before = backend.precision();
    Outcome expected = Backends.with(Backends.reference(), () -> step(Precision.F32));
    try {
      backend.setPrecision(precision);
      return Backends.with(backend, () -> compare(expected, step(precision), precision));
    } finally {
      backend.setPrecision(before);
    }
  }

  private record Outcome(
      double loss, Map<String, double[]> gradients, DeviceStatistics statistics) {}

  private static Outcome step(Precision precision) {
    return Scope.call(
        "step check",
        () -> {
          SequenceClassifier model =
              new SequenceClassifier(
                  Source.random(DType.F32, Rng.seed(5)), CONFIG, 2, CONFIG.hiddenDropout());
          double scale = precision == Precision.F16 ? 1024 : 1;
          LossScale.with(scale, () -> pass(model)); // what is uploaded once, and compiled
          DeviceStatistics start = Backends.current().statistics();
          Pass second = LossScale.with(scale, () -> pass(model));
          DeviceStatistics used = Backends.current().statistics().since(start);
          Map<String, double[]> gradients = new LinkedHashMap<>();
          for (Parameter p : model.parameters().values()) {
            second.gradients().of(p.leaf()).ifPresent(g -> gradients.put(p.name(), g.toDoubles()));
          }
          return new Outcome(second.loss(), gradients, used);
        });
  }

  private record Pass(double loss, Gradients gradients) {}

  private static Pass pass(SequenceClassifier model) {
    Rng rng = Rng.seed(11);
    int[] ids = new int[SEQUENCES * LENGTH];
    int[] mask = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      mask[i] = i % LENGTH < LENGTH - 5 * (i / LENGTH) ? 1 : 0; // 17, 12 and 7 tokens
      ids[i] = mask[i] * (1 + rng.below(i, WORDS - 1));
    }
    TokenBatch batch = new TokenBatch(SEQUENCES, LENGTH, ids, new int[ids.length], mask);
    Tensor labels = Tensor.of(Shape.of(SEQUENCES), 0, 1, 1);
    Variable loss =
        Losses.crossEntropy(model.logits(Context.training(rng.split("dropout")), batch), labels);
    double value = loss.item();
    return new Pass(value, loss.backward());
  }

  private static Result compare(Outcome expected, Outcome actual, Precision precision) {
    double worst = 0;
    String where = "";
    for (var e : expected.gradients().entrySet()) {
      double[] a = actual.gradients().getOrDefault(e.getKey(), new double[0]);
      double largest = Arrays.stream(e.getValue()).map(Math::abs).max().orElse(0);
      for (int i = 0; i < e.getValue().length; i++) {
        double gap = i < a.length ? Math.abs(a[i] - e.getValue()[i]) : Double.NaN;
        double relative = gap / Math.max(largest, 1e-6);
        if (!(relative <= worst)) { // NaN too
          worst = Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
          where = e.getKey();
        }
      }
    }
    DeviceStatistics s = actual.statistics();
    return new Result(
        precision,
        actual.loss(),
        expected.loss(),
        worst,
        where,
        s.uploads(),
        s.downloads(),
        s.launches());
  }
}
