package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.optim.Schedule;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batcher;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoastTest {
  private static final int[] PADDED = {0, 3, 5, 6};

  private final SequenceClassifier model =
      new SequenceClassifier(
          Source.random(DType.F32, Rng.seed(3)), BertConfig.of(Tiny.config(0)), 2, 0);
  private final Batcher data =
      new Batcher(
          Tiny.examples(12, 4), InputEncoder.plain(Tiny.tokenizer(), 24), 4, BatchOrder.BY_LENGTH);

  private Step step() {
    return new Step(model, data.batch(PADDED), Context.training(Rng.seed(9)));
  }

  private Tuning tuning(String method, String... options) {
    Classifier classifier = new Classifier(model, Tiny.tokenizer(), Tiny.config(0), Tiny.LABELS);
    Setup setup = new Setup(classifier, 24, 1, Rng.seed(1), Optional.empty());
    return Methods.recipe(method, set(options)).tuning().apply(setup);
  }

  private static Map<String, String> set(String... options) {
    Map<String, String> set = new HashMap<>();
    for (String o : options) {
      set.put(o.split("=")[0], o.split("=")[1]);
    }
    return set;
  }

  private Objective roast(String... options) {
    return tuning("roast-perturbation", options).objective().orElseThrow();
  }

  private Parameter parameter(String name) {
    return Objects.requireNonNull(model.parameters().get(name));
  }

  private Objective.Result plain() {
    return Methods.plain().gradients(step());
  }

  private void assertSame(Gradients expected, Gradients actual, double tolerance) {
    for (Parameter p : model.parameters().values()) {
      float[] e = expected.get(p.leaf()).toFloats();
      assertArrayEquals(e, actual.get(p.leaf()).toFloats(), (float) tolerance, p.name());
    }
  }

  private static void inScope(Runnable body) {
    Scope.run("test", body);
  }

  @Test
  void withoutWeightOnTheDivergenceHalfTheCrossEntropyIsLeft() {
    inScope(() -> {
      Objective.Result half = roast("coeff-sym=0").gradients(step());
      Objective.Result plain = plain();
      assertEquals(plain.loss() / 2, half.loss(), 1e-7);
      assertSame(plain.gradients().scale(0.5), half.gradients(), 1e-7);
    });
  }

  @Test
  void theIntendedFormAddsTheCrossEntropyOfThePerturbedBatch() {
    inScope(() -> {
      double released = roast("coeff-sym=0").gradients(step()).loss();
      double intended = roast("coeff-sym=0", "adversarial-ce=intended").gradients(step()).loss();
      assertTrue(intended > 2 * released, "the perturbed half is above the clean one");
    });
  }

  @Test
  void paddingChangesTheLossOnlyIfItIsAttended() {
    inScope(() -> {
      double masked = roast("attend-padding=false").gradients(step()).loss();
      double attended = roast("attend-padding=true").gradients(step()).loss();
      assertNotEquals(masked, attended);
    });
  }

  @Test
  void aGradientThatIsNotANumberLeavesTheCleanLoss() {
    inScope(() -> {
      Draws broken = broken();
      Step step =
          new Step(model, data.batch(PADDED), Context.training(Rng.seed(9)), broken, List.of());
      Objective.Result skipped = roast().gradients(step);
      assertEquals(plain().loss() / 2, skipped.loss(), 1e-7);
      assertEquals(1.0, skipped.readings().get("perturbation_skipped"));
      assertTrue(skipped.gradients().allFinite());
    });
  }

  private static Draws broken() {
    Draws usual = Draws.of(Rng.seed(1));
    return new Draws() {
      @Override
      public Tensor uniform(String name, Shape shape, DType dtype, double low, double high) {
        return Tensor.full(shape, dtype, Double.NaN);
      }

      @Override
      public Tensor normal(String name, Shape shape, DType dtype) {
        return usual.normal(name, shape, dtype);
      }

      @Override
      public void dropout(String name, Tensor x, double p) {
        usual.dropout(name, x, p);
      }

      @Override
      public int[] below(String name, int count, int bound) {
        return usual.below(name, count, bound);
      }

      @Override
      public int[] permutation(String name, int n) {
        return usual.permutation(name, n);
      }
    };
  }

  @Test
  void selectiveGradientsAreNotClippedUnlessAskedFor() {
    assertEquals(Double.POSITIVE_INFINITY, tuning("selective").maxGradNorm(1));
    assertEquals(Double.POSITIVE_INFINITY, tuning("roast").maxGradNorm(1));
    assertEquals(1, tuning("selective", "clipping=run").maxGradNorm(1));
    assertEquals(1, tuning("roast-perturbation").maxGradNorm(1));
  }

  @Test
  void aSelectionThatKeepsAlmostEverythingLeavesTheGradient() {
    inScope(() -> {
      Tuning selective = tuning("selective", "alpha=1e-9", "beta=1e9");
      selective.prepare(data, Rng.seed(5));
      selective.startEpoch(0, Rng.seed(6));
      Gradients gradients = plain().gradients();
      Gradients filtered = selective.filter(gradients, step());
      int differing = 0;
      for (Parameter p : model.parameters().values()) {
        double[] before = gradients.get(p.leaf()).toDoubles();
        double[] after = filtered.get(p.leaf()).toDoubles();
        for (int i = 0; i < before.length; i++) {
          differing += before[i] == after[i] ? 0 : 1;
        }
      }
      assertTrue(differing <= 1, differing + " entries differ; only the least important may");
    });
  }

  @Test
  void onlyWeightsInsideLayersAreSelectedAndAMaskLastsAsLongAsItIsSet() {
    inScope(() -> {
      for (int every : new int[] {0, 2}) {
        Tuning selective = tuning("selective", "alpha=0.6", "beta=1", "mask-every=" + every);
        selective.prepare(data, Rng.seed(5));
        selective.startEpoch(0, Rng.seed(6));
        Gradients gradients = plain().gradients();
        Parameter head = parameter("classifier.weight");
        Parameter inside = parameter("bert.encoder.layer.0.intermediate.dense.weight");
        Gradients first = selective.filter(gradients, step());
        assertArrayEquals(
            gradients.get(head.leaf()).toDoubles(), first.get(head.leaf()).toDoubles());
        double zeros = zeros(first.get(inside.leaf()));
        assertTrue(zeros > 0.2 && zeros < 0.8, zeros + " of the entries are masked");
        float[] second = selective.filter(gradients, step()).get(inside.leaf()).toFloats();
        float[] third = selective.filter(gradients, step()).get(inside.leaf()).toFloats();
        assertArrayEquals(first.get(inside.leaf()).toFloats(), second);
        assertEquals(every == 0, Arrays.equals(second, third));
      }
    });
  }

  private static double zeros(Tensor t) {
    double[] all = t.toDoubles();
    return Arrays.stream(all).filter(x -> x == 0).count() / (double) all.length;
  }

  @Test
  void theRateWarmsUpOverSixPercentAndEndsAtOneInTenMillion() {
    Tuning roast = tuning("roast");
    Schedule usual = new Schedule(Schedule.Decay.CONSTANT, 0, 120);
    Schedule s = roast.schedule(usual, 1e-5);
    assertEquals(7, s.warmup());
    assertEquals(0, s.factor(0));
    assertEquals(1e-7, 1e-5 * s.factor(120), 1e-18);
    assertEquals(usual, tuning("roast", "schedule=run").schedule(usual, 1e-5));
  }

  @Test
  void withoutSelectionTheRunKeepsItsOptimiserAndWithoutPerturbationItsLoss() {
    assertTrue(tuning("roast", "alpha=0").state().isEmpty());
    assertFalse(tuning("roast").state().isEmpty());
    assertTrue(tuning("roast", "adv-eps=0", "coeff-sym=0").objective().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"f", "d"})
  void aChildThatIsTheWholeNetworkIsPlainTraining(String variant) {
    inScope(() -> {
      Tuning child = tuning("child-tuning", "variant=" + variant, "reserve-p=1");
      child.prepare(data, Rng.seed(5));
      Gradients gradients = plain().gradients();
      assertSame(gradients, child.filter(gradients, step()), 0);
    });
  }

  @ParameterizedTest
  @CsvSource({"f, 0.25", "d, 0.3"})
  void aChildIsAsLargeAsAsked(String variant, double share) {
    inScope(() -> {
      Tuning child = tuning("child-tuning", "variant=" + variant, "reserve-p=" + share);
      child.prepare(data, Rng.seed(5));
      Gradients ones = plain().gradients().map((leaf, g) -> g.times(0).plus(1));
      Gradients filtered = child.filter(ones, step());
      double kept = 0;
      double all = 0;
      for (Parameter p : Importance.inLayers(model.parameters().values())) {
        for (double x : filtered.get(p.leaf()).toDoubles()) {
          kept += x > 0 ? 1 : 0;
          all++;
        }
      }
      assertEquals(share, kept / all, 0.02);
    });
  }

  @Test
  void theAverageIsUsedAndThenTheTrainedWeightsAreBack() {
    inScope(() -> {
      Tuning wise = tuning("wise-ft", "alpha=0.25");
      Parameter inside = parameter("bert.embeddings.LayerNorm.weight");
      Parameter head = parameter("classifier.weight");
      double start = inside.value().toDoubles()[0];
      inside.value().kernels().fill(inside.value(), start + 4);
      float[] trained = inside.value().toFloats();
      float[] trainedHead = head.value().toFloats();
      double used =
          wise.asUsed(() -> {
            assertArrayEquals(trainedHead, head.value().toFloats());
            return inside.value().toDoubles()[0];
          });
      assertEquals(start + 1, used, 1e-6);
      assertArrayEquals(trained, inside.value().toFloats());
      assertThrows(
          IllegalStateException.class,
          () ->
              wise.asUsed(() -> {
                throw new IllegalStateException("evaluation failed");
              }));
      assertArrayEquals(trained, inside.value().toFloats());
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"smart", "r3f"})
  void aRegulariserOfWeightZeroIsPlainTrainingAndOthersAddToIt(String method) {
    inScope(() -> {
      String weight = method.equals("smart") ? "adv-alpha=" : "lambda=";
      String noise = method.equals("smart") ? "adv-steps=2" : "eps=0.1";
      Objective.Result plain = plain();
      Objective.Result without = withTerms(tuning(method, weight + "0", noise));
      assertEquals(plain.loss(), without.loss(), 1e-7);
      assertSame(plain.gradients(), without.gradients(), 1e-6);
      Objective.Result with = withTerms(tuning(method, weight + "5", noise));
      assertTrue(with.loss() > plain.loss());
      assertEquals(with.loss() - plain.loss(), with.readings().getOrDefault(method, 0.0), 1e-6);
    });
  }

  private Objective.Result withTerms(Tuning tuning) {
    Step step = step();
    return Methods.plain()
        .gradients(new Step(model, step.batch(), step.context(), step.draws(), tuning.passTerms()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "roast|adv-eps=-0.1|adv-eps must not be negative",
        "roast|coeff-sym=-1|coeff-sym must not be negative",
        "roast|alpha=1.5|alpha must lie in [0, 1]",
        "roast|beta=0|beta must be above 0",
        "roast|mask-every=-1|mask-every must be at least 0",
        "roast|adversarial-ce=paper|adversarial-ce must be one of [released, intended]",
        "selective|alpha=0|alpha must lie between 0 and 1, not 0.0",
        "selective|schedule=none|schedule must be one of [released, run]",
        "smart|adv-steps=0|adv-steps must be at least 1",
        "smart|adv-alpha=-1|adv-alpha must not be negative",
        "r3f|eps=-1|eps must not be negative",
        "r3f|noise=cauchy|noise must be one of [uniform, normal]",
        "child-tuning|reserve-p=0|reserve-p must be above 0",
        "child-tuning|reserve-p=1.2|reserve-p must lie in [0, 1]",
        "child-tuning|variant=e|variant must be one of [f, d]",
        "wise-ft|alpha=2|alpha must lie in [0, 1]",
      })
  void aSenselessOptionIsRefused(String method, String option, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Methods.recipe(method, set(option)));
    assertTrue(e.toString().contains(message), e.toString());
  }

  @Test
  void roastTakesNoFurtherTerms() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> tuning("roast+smart"));
    assertTrue(e.toString().contains("roast cannot be combined with smart"), e.toString());
  }
}
