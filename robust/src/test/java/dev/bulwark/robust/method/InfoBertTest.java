package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batcher;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.objective.information.AnchoredTokens;
import dev.bulwark.robust.objective.information.InfoNce;
import dev.bulwark.robust.objective.information.InformationBounds;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfoBertTest {
  private static final int[] BATCH = {0, 3, 5, 6};

  private static SequenceClassifier model(double dropout) {
    return new SequenceClassifier(
        Source.random(DType.F32, Rng.seed(3)), BertConfig.of(Tiny.config(dropout)), 2, dropout);
  }

  private static Batch batch() {
    return new Batcher(
            Tiny.examples(8, 4), InputEncoder.plain(Tiny.tokenizer(), 24), 4, BatchOrder.BY_LENGTH)
        .batch(BATCH);
  }

  private static Map<String, String> options(String... options) {
    Map<String, String> set = new TreeMap<>();
    for (String o : options) {
      set.put(o.split("=")[0], o.split("=")[1]);
    }
    return set;
  }

  private static Tuning tuning(SequenceClassifier model, Recipe recipe) {
    return recipe
        .tuning()
        .apply(
            new Setup(
                new Classifier(model, Tiny.tokenizer(), Tiny.config(0), Tiny.LABELS),
                24,
                1,
                Rng.seed(1),
                Optional.empty()));
  }

  private static Objective.Result result(
      SequenceClassifier model, Batch batch, Recipe recipe, long seed) {
    Tuning tuning = tuning(model, recipe);
    Context context = Context.training(Rng.seed(seed));
    Draws draws = Draws.of(context.rng().split("draws"));
    Step step = new Step(model, batch, context, draws, tuning.passTerms());
    Objective.Result r = tuning.objective().orElseThrow().gradients(step);
    return new Objective.Result(tuning.filter(r.gradients(), step), r.loss(), r.readings());
  }

  private static Objective.Result result(SequenceClassifier model, String... options) {
    return result(model, batch(), Methods.recipe("infobert", options(options)), 9);
  }

  private static double upper(Objective.Result r) {
    return r.readings().getOrDefault("upper_bound", Double.NaN);
  }

  private static double[] numbers(SequenceClassifier model, Gradients g) {
    return model.parameters().values().stream()
        .flatMapToDouble(p -> DoubleStream.of(g.get(p.leaf()).toDoubles()))
        .toArray();
  }

  @Test
  void withoutBoundsItIsFreeLbWithSharedDropout() {
    Scope.run(
        "test",
        () -> {
          SequenceClassifier model = model(0.3);
          Objective.Result none = result(model, "alpha=0", "beta=0");
          Context context = Context.training(Rng.seed(9));
          Objective.Result freeLb =
              new FreeLb(3, new Ball(Ball.Norm.L2, 0.08, 0.04, 0), true)
                  .gradients(new Step(model, batch(), context));
          assertEquals(freeLb.loss(), none.loss());
          assertArrayEquals(numbers(model, freeLb.gradients()), numbers(model, none.gradients()));
          Objective.Result version = result(model, "version=-1");
          assertEquals(freeLb.loss(), version.loss());
          Objective.Result bounds = result(model);
          assertTrue(bounds.loss() != freeLb.loss(), "the bounds count");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "-1, task_loss",
    "0, task_loss upper_bound",
    "1, task_loss upper_bound",
    "2, task_loss upper_bound",
    "3, task_loss upper_bound",
    "4, lower_bound task_loss",
    "5, lower_bound task_loss upper_bound",
    "6, lower_bound task_loss upper_bound"
  })
  void aStepReadsTheBoundsOfItsVersion(int version, String names) {
    Scope.run(
        "test",
        () -> {
          Objective.Result r = result(model(0.1), "version=" + version, "beta=0.1", "alpha=0.1");
          assertEquals(names, String.join(" ", new TreeSet<>(r.readings().keySet())));
          double sum = r.readings().values().stream().mapToDouble(v -> v).sum();
          assertEquals(r.loss(), sum, 1e-5, "the loss is the sum of its readings");
          assertTrue(r.gradients().allFinite());
        });
  }

  @Test
  void theEstimatorsOwnGradientReachesTheModelOnlyIfItLeaks() {
    Scope.run(
        "test",
        () -> {
          SequenceClassifier model = model(0);
          String[] usual = {"version=1", "adv-steps=1", "adv-init-mag=0"};
          String[] leaking = {
            "version=1", "adv-steps=1", "adv-init-mag=0", "club-features=released"
          };
          Objective.Result detached = result(model, usual);
          Objective.Result released = result(model, leaking);
          assertEquals(detached.loss(), released.loss(), 1e-6);
          double[] a = numbers(model, detached.gradients());
          double[] b = numbers(model, released.gradients());
          double most = 0;
          for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
          }
          assertTrue(most > 1e-3, "largest difference " + most);
        });
  }

  @Test
  void paddingCountsAsTokensForTheGaussianEstimatorUnlessLeftOut() {
    Scope.run(
        "test",
        () -> {
          SequenceClassifier model = model(0);
          assertTrue(batch().tokens().hasPadding());
          Objective.Result counted = result(model, "version=1", "beta=1");
          Objective.Result left = result(model, "version=1", "beta=1", "club-padding=left-out");
          double difference = upper(counted) - upper(left);
          assertTrue(Math.abs(difference) > 1e-6, "difference " + difference);
        });
  }

  @Test
  void sentencesTooShortToAnchorATokenHaveNoLowerBound() {
    Scope.run(
        "test",
        () -> {
          int[] zeros = new int[2];
          Batch single =
              new Batch(new TokenBatch(2, 1, new int[] {2, 2}, zeros, new int[] {1, 1}), zeros);
          Objective.Result r = result(model(0), single, Methods.recipe("infobert", Map.of()), 9);
          assertFalse(r.readings().containsKey("lower_bound"));
          assertTrue(Double.isFinite(r.loss()));
        });
  }

  @Test
  void tokensAreAnchoredInOrderOfTheirGradients() {
    double[] norms = {9, 1, 8, 2, 7, 3, 6, 4, 5, 0, 99, 99};
    int[] mask = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
    TokenBatch tokens = new TokenBatch(1, 12, new int[12], new int[12], mask);
    AnchoredTokens chosen =
        AnchoredTokens.select(Tensor.of(Shape.of(1, 12, 1), norms), tokens, 0.5, 0.9);
    assertArrayEquals(new int[] {8, 6, 4, 2}, chosen.positions()); // norms 5, 6, 7, 8
  }

  @Test
  void theCriticIsTrainedBesideTheModelAndAllOfItDecays() {
    Tuning tuning = tuning(model(0), Methods.recipe("infobert", Map.of()));
    List<String> names =
        tuning.modules().stream().flatMap(m -> m.parameters().keySet().stream()).toList();
    assertEquals(
        List.of(
            "infobert.critic.w1", "infobert.critic.b1", "infobert.critic.w2", "infobert.critic.b2"),
        names);
    AdamWOptimizer.Settings usual = AdamWOptimizer.Settings.of(0.1, 0.5);
    assertEquals(AdamWOptimizer.Form.TRANSFORMERS, tuning.optimizer(usual).form());
    List<Parameter> critic =
        tuning.modules().stream().flatMap(m -> m.parameters().values().stream()).toList();
    AdamWOptimizer adamW = new AdamWOptimizer(List.of(), critic, tuning.optimizer(usual));
    for (Parameter p : critic) {
      Scope.run(
          "test",
          () -> {
            double before = p.value().toDoubles()[0];
            adamW.step(p.leaf().times(0).sum().backward(), 1, 1);
            assertEquals(before * (1 - 0.1 * 0.5), p.value().toDoubles()[0], 1e-7, p.name());
          });
    }
  }

  @Test
  void boundsOfAModelInUseAreExact() {
    Scope.run(
        "test",
        () -> {
          SequenceClassifier model = model(0.3);
          InfoNce critic =
              new InfoNce(Source.random(DType.F32, Rng.seed(2)).under("critic"), 32, 32);
          InformationBounds bounds = InformationBounds.of(model, batch(), critic, 0.5, 0.9);
          assertEquals(bounds, InformationBounds.of(model, batch(), critic, 0.5, 0.9));
          TokenBatch tokens = batch().tokens();
          Context c = Context.inference();
          double[] h =
              model
                  .encoder()
                  .embeddings(c, model.encoder().embed(tokens), tokens)
                  .value()
                  .toDoubles();
          int n = h.length / 32;
          double sum = 0;
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              for (int d = 0; d < 32; d++) {
                sum += 0.5 * Math.pow(h[i * 32 + d] - h[j * 32 + d], 2);
              }
            }
          }
          double upper = sum / n / n;
          assertEquals(upper, bounds.upper(), 1e-4 * upper);
          assertTrue(bounds.lower() <= Math.log(4), "at most log of the chunk: " + bounds);
          assertTrue(bounds.lower() != 0);
        });
  }

  @Test
  void itsTermsStayWhenAnotherMethodFiltersTheGradients() {
    Recipe halving =
        Recipe.tuned(setup ->
                new Tuning() {
                  @Override
                  public Gradients filter(Gradients gradients, Step step) {
                    return gradients.scale(0.5);
                  }
                })
            .named("halving");
    Scope.run(
        "test",
        () -> {
          SequenceClassifier model = model(0);
          Recipe alone = Methods.recipe("infobert", Map.of());
          Objective.Result whole = result(model, batch(), alone, 9);
          Objective.Result half =
              result(model, batch(), Recipe.combine(List.of(alone, halving)), 9);
          double[] expected = numbers(model, whole.gradients().scale(0.5));
          assertArrayEquals(expected, numbers(model, half.gradients()));
          assertEquals(whole.readings().keySet(), half.readings().keySet());
        });
  }

  @Test
  void twoLoopsAreRefused() {
    Recipe both = Methods.recipe("infobert+freelb", Map.of());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> tuning(model(0), both));
    assertTrue(
        e.toString()
            .contains(
                "infobert and freelb cannot be combined: both say how a batch becomes gradients"),
        e.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cl=0.9|cl=0.9 must be below ch=0.9",
        "ch=0.4|cl=0.5 must be below ch=0.4",
        "cl=-0.1|cl must lie in [0, 1]",
        "ch=1.5|ch must lie in [0, 1]",
        "alpha=-1|alpha must not be negative",
        "beta=-1|beta must not be negative",
        "club-lr=-1|club-lr must not be negative",
        "chunk=-1|chunk must be at least 0",
        "version=7|version must be one of [-1, 0, 1, 2, 3, 4, 5, 6], not 7",
        "adv-lr=-1|adv-lr must not be negative",
        "adv-init-mag=-1|adv-init-mag must not be negative",
        "adv-max-norm=-1|adv-max-norm must not be negative",
        "adv-steps=0|adv-steps of at least 1",
        "norm-type=l1|norm-type must be one of [l2, linf",
        "club-features=both|club-features must be one of [detached, released]",
        "pair-order=none|pair-order must be one of [released, fresh]",
      })
  void aSenselessOptionIsRefused(String option, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Methods.recipe("infobert", options(option)));
    assertTrue(e.toString().contains(message), e.toString());
  }
}
