package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.Encoder;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batcher;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.HullSearch;
import dev.bulwark.robust.perturb.WordHull;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RiftTest {
  private static final SequenceClassifier MODEL =
      new SequenceClassifier(
          Source.random(DType.F32, Rng.seed(3)), BertConfig.of(Tiny.config(0)), 2, 0);

  private static Tuning tuning(ClassifierModel model, String method, String options) {
    Map<String, String> set = new TreeMap<>();
    for (String o : options.split(" ")) {
      if (!o.isEmpty()) {
        set.put(o.split("=")[0], o.split("=")[1]);
      }
    }
    Classifier c = new Classifier(model, Tiny.tokenizer(), Tiny.config(0), Tiny.LABELS);
    Setup setup = new Setup(c, 24, 1, Rng.seed(1), Optional.empty());
    return Methods.recipe(method, set).tuning().apply(setup);
  }

  private static Objective objective(String method, String options) {
    return tuning(MODEL, method, options).objective().orElseThrow();
  }

  private static Step step() {
    return step(MODEL);
  }

  /** Two bad texts, then two good ones. */
  private static Step step(SequenceClassifier model) {
    Batch batch =
        new Batcher(
                Tiny.examples(8, 4),
                InputEncoder.plain(Tiny.tokenizer(), 24),
                4,
                BatchOrder.BY_LENGTH)
            .batch(new int[] {0, 2, 5, 7});
    return new Step(model, batch, Context.training(Rng.seed(9)));
  }

  private static void assertSame(Gradients e, Gradients a) {
    for (Parameter p : MODEL.parameters().values()) {
      assertArrayEquals(e.get(p.leaf()).toDoubles(), a.get(p.leaf()).toDoubles(), 1e-6, p.name());
    }
  }

  @ParameterizedTest
  @CsvSource({"rift, w-kl=0 w-mi-giveny-adv=0", "ascc, w-kl=0"})
  void withoutAnAdversarialTermItIsPlainTraining(String method, String options) {
    Scope.run(
        "test",
        () -> {
          Objective.Result plain = Methods.plain().gradients(step());
          Objective.Result result = objective(method, options).gradients(step());
          assertEquals(plain.loss(), result.loss(), 1e-6);
          assertSame(plain.gradients(), result.gradients());
          assertEquals(Set.of("clean"), result.readings().keySet());
        });
  }

  @Test
  void withoutSynonymsTheAdversarialPointIsTheText() {
    Scope.run(
        "test",
        () -> {
          Objective.Result result = objective("ascc", "synonyms=0 w-adv=1").gradients(step());
          assertEquals(0, result.readings().getOrDefault("kl", 1.0), 1e-9);
          double clean = result.readings().getOrDefault("clean", 0.0);
          assertEquals(clean, result.readings().getOrDefault("adv", 0.0), 1e-6);
        });
  }

  @Test
  void theSearchRaisesTheDivergence() {
    Scope.run(
        "test",
        () -> {
          SequenceClassifier model =
              new SequenceClassifier(
                  Source.random(DType.F64, Rng.seed(3)), BertConfig.of(Tiny.config(0)), 2, 0);
          Rift rift = (Rift) tuning(model, "ascc", "ascc-sparse=0").objective().orElseThrow();
          Step step = step(model);
          WordHull hull =
              WordHull.of(
                  step.batch().tokens(), rift.synonyms().candidates(step.batch().tokens()), 10);
          assertTrue(hull.hasChoice());
          List<Double> losses = new ArrayList<>();
          rift.attack()
              .worst(
                  step,
                  (context, encoded) -> model.logits(context, encoded),
                  hull,
                  HullSearch.start(hull, DType.F64, step.draws()),
                  (loss, free) -> losses.add(loss));
          assertEquals(10, losses.size());
          assertTrue(
              losses.getFirst() < 0 && losses.getLast() < 1.2 * losses.getFirst(), "" + losses);
        });
  }

  @Test
  void theTeachersHeadIsTrainedAndTheTeacherIsNot() {
    Scope.run(
        "test",
        () -> {
          Tuning tuning = tuning(MODEL, "rift", "ascc-steps=1 mi-hidden=8 mi-size=4");
          Rift rift = (Rift) tuning.objective().orElseThrow();
          Gradients g = rift.gradients(step()).gradients();
          SequenceClassifier teacher = rift.parts().teacher().orElseThrow().model();
          assertTrue(
              teacher.parameters().values().stream().noneMatch(p -> g.of(p.leaf()).isPresent()));
          List<String> trained =
              tuning.modules().stream()
                  .map(Module::parameters)
                  .flatMap(m -> m.values().stream())
                  .filter(p -> g.of(p.leaf()).isPresent())
                  .map(Parameter::name)
                  .toList();
          assertEquals(16, trained.size(), "two pairs of two heads of two layers: " + trained);
          assertTrue(trained.contains("rift.class.1.teacher.hidden.weight"), trained.toString());
        });
  }

  @ParameterizedTest
  @CsvSource({"own", "shared"})
  void allTermsAddUpHoweverManyPassesTheyTake(String pass) {
    Scope.run(
        "test",
        () -> {
          String options =
              "w-adv=1 w-kl=2 w-mi-clean=0.5 w-mi-adv=0.5 w-mi-giveny-clean=0.5"
                  + " w-mi-giveny-adv=1 w-params-l2=3 ascc-steps=1 mi-hidden=8 mi-size=4 mi-pass=";
          Objective.Result result = objective("rift", options + pass).gradients(step());
          Map<String, Double> r = result.readings();
          assertEquals(8, r.size(), r.toString());
          double sum = r.getOrDefault("clean", 0.0) + r.getOrDefault("adv", 0.0);
          sum += 2 * r.getOrDefault("kl", 0.0) + r.getOrDefault("mi_giveny_adv", 0.0);
          sum += 0.5 * (r.getOrDefault("mi_clean", 0.0) + r.getOrDefault("mi_adv", 0.0));
          sum += 0.5 * r.getOrDefault("mi_giveny_clean", 0.0);
          sum += 3 * r.getOrDefault("params_l2", 0.0);
          assertEquals(sum, result.loss(), 1e-5);
          Objective.Result other = objective("rift", options + "own").gradients(step());
          assertEquals(other.loss(), result.loss(), 1e-6, "without dropout passes coincide");
        });
  }

  @Test
  void theTeacherStaysWhereTheModelWas() {
    Scope.run(
        "test",
        () -> {
          SequenceClassifier copy = MODEL.frozenCopy();
          SequenceClassifier moved = copy.frozenCopy();
          Parameter p = moved.parameters().values().iterator().next();
          p.value().kernels().fill(p.value(), 7);
          Parameter kept = copy.parameters().values().iterator().next();
          assertEquals(p.name(), kept.name());
          assertNotEquals(7f, kept.value().toFloats()[0]);
          assertFalse(kept.trainable());
        });
  }

  @Test
  void onlyHeadsDecayAndTheRateWarmsUpByEpoch() {
    Tuning tuning = tuning(MODEL, "rift", "mi-hidden=8 mi-size=4");
    AdamWOptimizer.Settings s = tuning.optimizer(AdamWOptimizer.Settings.of(2e-5, 0.01));
    assertEquals(2e-4, s.weightDecay());
    assertEquals(AdamWOptimizer.Form.TRANSFORMERS, s.form());
    assertFalse(s.decays().test("bert.encoder.layer.0.output.dense.weight"));
    assertTrue(s.decays().test("classifier.weight"));
    assertTrue(s.decays().test("rift.any.student.hidden.bias"));
    assertEquals(0.1, tuning.rateFactor(0), 1e-12);
    assertEquals(0.55, tuning.rateFactor(1), 1e-12);
    assertEquals(1, tuning.rateFactor(2), 1e-12);
    assertEquals(0.1, tuning.rateFactor(50), 1e-12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ascc|w-clean=-1|w-clean must not be negative",
        "ascc|w-mi-adv=1|method 'ascc' has no option 'w-mi-adv'",
        "ascc|w-clean=0 w-kl=0|ascc needs a term with weight; all of its w- options are 0",
        "ascc|ascc-steps=0|ascc-steps must be at least 1",
        "ascc|ascc-lr=-1|ascc-lr must not be negative",
        "ascc|ascc-sparse=-1|ascc-sparse must not be negative",
        "ascc|ascc-scaling=sum|ascc-scaling must be one of [rift, mean], not sum",
        "ascc|ascc-loss=mse|ascc-loss must be one of [kl, ce]",
        "rift|synonyms=-1|synonyms must be at least 0",
        "rift|pair-texts=first|pair-texts must be one of [second, both]",
        "rift|temperature=0|temperature must be above 0",
        "rift|mi-pass=none|mi-pass must be one of [own, shared]",
        "rift|class-blocks=false|need class-blocks=true",
        "rift|mi-hidden=0|mi-hidden must be at least 1",
        "rift|mi-size=0|mi-size must be at least 1",
        "rift|head-decay=-1|head-decay must not be negative",
        "rift|rate-warmup=-1|rate-warmup must be at least 0",
        "ptwd|ptwd-weight=-1|ptwd-weight must not be negative",
        "ptwd|ptwd-distance=cubed|ptwd-distance must be one of [norm, squared]",
        "mixout|mixout-p=1|mixout-p must be below 1",
        "mixout|mixout-p=1.5|mixout-p must lie in [0, 1]",
        "rift+ascc|w-adv=1|several of the methods [rift, ascc] have an option 'w-adv'",
        "rift+ascc||rift and ascc cannot be combined",
        "rift+freelb||rift and freelb cannot be combined",
      })
  void aSenselessOptionIsRefused(String method, String options, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> tuning(MODEL, method, options == null ? "" : options));
    assertTrue(e.toString().contains(message), e.toString());
  }

  @ParameterizedTest
  @CsvSource({"rift", "ascc"})
  void aModelWithoutPooledFeatureIsRefused(String method) {
    ClassifierModel other =
        new ClassifierModel() {
          @Override
          public Encoder encoder() {
            return MODEL.encoder();
          }

          @Override
          public BertConfig config() {
            return MODEL.config();
          }

          @Override
          public int classes() {
            return 2;
          }

          @Override
          public Variable logits(Context context, Encoded encoded, int[] focus) {
            return MODEL.logits(context, encoded, focus);
          }
        };
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> tuning(other, method, ""));
    assertTrue(e.toString().contains(method + " works on the pooled feature"), e.toString());
  }

  @Test
  void aBatchThatCannotHoldTwoOfEveryClassIsRefusedBeforeTheFirstStep() {
    Tuning tuning = tuning(MODEL, "rift", "mi-hidden=8 mi-size=4");
    InputEncoder input = InputEncoder.plain(Tiny.tokenizer(), 24);
    Batcher small = new Batcher(Tiny.examples(8, 1), input, 3, BatchOrder.CLASS_BLOCKS);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> tuning.prepare(small, Rng.seed(1)));
    assertTrue(e.toString().contains("raise the batch size to at least 4"), e.toString());
    Batcher mixed = new Batcher(Tiny.examples(8, 1), input, 8, BatchOrder.BY_LENGTH);
    assertThrows(IllegalArgumentException.class, () -> tuning.prepare(mixed, Rng.seed(1)));
    tuning.prepare(
        new Batcher(Tiny.examples(8, 1), input, 4, BatchOrder.CLASS_BLOCKS), Rng.seed(1));
  }
}
