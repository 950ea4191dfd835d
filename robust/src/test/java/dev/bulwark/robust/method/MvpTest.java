package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.TinyMlm;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batcher;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainListener;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MvpTest {
  @TempDir static Path shared;
  @TempDir Path temp;

  @BeforeAll
  static void saveModels() {
    Tiny.encoder(shared.resolve("encoder"));
    TinyMlm.save(shared.resolve("mlm"));
  }

  private static Map<String, String> options(String... options) {
    Map<String, String> set = new TreeMap<>();
    for (String o : options) {
      set.put(o.substring(0, o.indexOf('=')), o.substring(o.indexOf('=') + 1));
    }
    return set;
  }

  private static Classifier model(String method, String folder, Map<String, String> set)
      throws IOException {
    try (Checkpoint c = HuggingFaceFolder.open(shared.resolve(folder))) {
      Recipe recipe = Methods.recipe(method, set);
      Classifier made = recipe.onTopOf(c, Tiny.LABELS, Rng.seed(1));
      return made.with(SavedMethod.note(made.config(), method, set));
    }
  }

  private static TrainSettings settings(int epochs) {
    return new TrainSettings(epochs, 16, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 24, 0, 0, 42);
  }

  private double trained(String method, String folder, Map<String, String> set, int epochs)
      throws IOException {
    TrainSettings settings = settings(epochs);
    try (RunFolder run = RunFolder.open(temp.resolve("run"), settings.named(), false)) {
      return new Trainer(model(method, folder, set), Methods.recipe(method, set), settings)
          .fit(Tiny.examples(96, 1), Tiny.examples(64, 2), run, TrainListener.NONE)
          .bestAccuracy();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mvp|pool-words=max",
        "mvp|adversarial=l2 epsilon=0.01",
        "mvp|adversarial=linf epsilon=0.002",
        "mvp+freelb|pool-templates=max adv-lr=0.01 adv-init-mag=0.01",
        "clsprompt|pool-words=mean",
        "lp-ft|probe-values=3"
      })
  void learnsAndReopens(String method, String option) throws IOException {
    Map<String, String> set = options(option.split(" ", -1));
    if (!method.equals("lp-ft")) {
      set.put("verbaliser", "bad=bad,awful;good=good,great");
    }
    double accuracy = trained(method, "mlm", set, 12);
    assertTrue(accuracy > 0.85, "accuracy " + accuracy);
    try (Checkpoint c = HuggingFaceFolder.open(temp.resolve("run/model"))) {
      Recipe again = SavedMethod.of(c, Map.of());
      float[][] p =
          again
              .predictor(again.open(c), 24)
              .predict(
                  Tiny.examples(64, 2).stream().map(e -> new TextInput(e.text(), null)).toList());
      int right = 0;
      for (int i = 0; i < p.length; i++) {
        right += p[i][i % 2] > p[i][1 - i % 2] ? 1 : 0;
      }
      assertEquals(accuracy, right / 64.0);
    }
  }

  @Test
  void aSavedModelPredictsTheSameAndIsAMaskedLm() throws IOException {
    Map<String, String> set =
        options("templates=It is [MASK] . |[SEP] very [MASK] ", "task=names", "mlm-head=new");
    Classifier before = model("mvp", "encoder", set);
    List<TextInput> texts =
        List.of(new TextInput("a good film", null), new TextInput("the [MASK] was bad", "it is"));
    float[][] expected = Methods.recipe("mvp", set).predictor(before, 24).predict(texts);
    try (RunFolder run = RunFolder.open(temp.resolve("run"), Map.of(), false)) {
      run.saveModel(before);
    }
    try (Checkpoint c = HuggingFaceFolder.open(temp.resolve("run/model"))) {
      assertEquals(List.of("BertForMaskedLM"), c.config().architectures());
      Recipe again = SavedMethod.of(c, Map.of());
      var predictor = again.predictor(again.open(c), 24);
      float[][] actual = predictor.predict(texts);
      assertArrayEquals(expected, actual);
      assertArrayEquals(expected[1], predictor.predict(texts.subList(1, 2))[0], 1e-6f);
      assertNotEquals(expected[0][0], expected[1][0]);
    }
  }

  @Test
  void aModelWithoutHeadIsRefusedUnlessANewOneIsAskedFor() throws IOException {
    String said =
        assertThrows(IllegalArgumentException.class, () -> model("mvp", "encoder", Map.of()))
            .toString();
    assertTrue(said.contains("has no masked-language-model head"), said);
    assertTrue(said.contains("mlm-head=new"), said);
    assertTrue(said.contains("not the published method"), said);
    assertFalse(model("mvp", "mlm", Map.of()).model().parameters().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adversarial=l3|adversarial must be one of [none, l2, linf], not l3",
        "epsilon=0|epsilon must be above 0",
        "epsilon=-1|epsilon must be above 0",
        "adv-steps=0|adv-steps must be at least 1",
        "adv-alpha=-1|adv-alpha must not be negative",
        "start-noise=some|start-noise must be one of [symmetric, released], not some",
        "attack-gradients=keep|attack-gradients must be one of [discard, released], not keep",
        "templates=It is good|must hold [MASK] exactly once",
        "pool-words=min|pool-words must be one of [max, mean], not min",
        "pool-templates=min|pool-templates must be one of [mean, max], not min",
        "task=sst3|task must be one of [auto, names, sst2, agnews, boolq, nli], not sst3",
        "mlm-head=none|mlm-head must be one of [checkpoint, new], not none",
      })
  void aSenselessOptionIsRefused(String option, String message) {
    Map<String, String> set = options("adversarial=l2");
    set.putAll(options(option));
    String said =
        assertThrows(IllegalArgumentException.class, () -> Methods.recipe("mvp", set)).toString();
    assertTrue(said.contains(message), said);
  }

  @Test
  void mvpsOwnAttackAndAnotherAreRefusedTogether() throws IOException {
    Map<String, String> set = options("adversarial=l2", "task=names");
    Classifier model = model("mvp", "mlm", set);
    Setup setup = new Setup(model, 24, 1, Rng.seed(1), Optional.empty());
    set.put("mvp.adv-steps", "1");
    Recipe both = Methods.recipe("mvp+freelb", set);
    String said =
        assertThrows(IllegalArgumentException.class, () -> both.tuning().apply(setup)).toString();
    assertTrue(said.contains("mvp and freelb cannot be combined"), said);
  }

  private static Parameter parameter(Classifier model, String name) {
    return Objects.requireNonNull(model.model().parameters().get(name), name);
  }

  private static Step step(Classifier model) {
    Batch batch =
        new Batcher(Tiny.examples(8, 4), model.inputs(24), 4, BatchOrder.BY_LENGTH)
            .batch(new int[] {0, 3, 5, 6});
    return new Step(model.model(), batch, Context.training(Rng.seed(9)));
  }

  private static Objective.Result gradients(Classifier model, String... options) {
    Setup setup = new Setup(model, 24, 1, Rng.seed(1), Optional.empty());
    return Methods.recipe("mvp", options(options))
        .tuning()
        .apply(setup)
        .objective()
        .orElseThrow()
        .gradients(step(model));
  }

  @Test
  void leakedGradientsAreAddedOnRequestOnly() throws IOException {
    Classifier model = model("mvp", "mlm", Map.of());
    Scope.run(
        "test",
        () -> {
          Objective.Result discarded = gradients(model, "adversarial=l2");
          Objective.Result again = gradients(model, "adversarial=l2");
          Objective.Result leaked = gradients(model, "adversarial=l2", "attack-gradients=released");
          assertEquals(discarded.loss(), leaked.loss());
          Parameter bias = parameter(model, "cls.predictions.bias");
          assertArrayEquals(
              discarded.gradients().get(bias.leaf()).toDoubles(),
              again.gradients().get(bias.leaf()).toDoubles());
          assertNotEquals(discarded.gradients().globalNorm(), leaked.gradients().globalNorm());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"L2", "LINF"})
  void theAttackStaysInItsBallAndRaisesTheLoss(String norm) throws IOException {
    Classifier model = model("mvp", "mlm", Map.of());
    MvpAdversary adversary =
        new MvpAdversary(MvpAdversary.Norm.valueOf(norm), 0.5, 4, 0, MvpAdversary.Noise.SYMMETRIC);
    Scope.run(
        "test",
        () -> {
          double[] losses = new double[4];
          MvpAdversary.Climb end =
              adversary.climb(
                  step(model),
                  adversary.start(step(model)),
                  false,
                  (k, loss, gradient, delta) -> losses[k] = loss);
          assertTrue(losses[3] > losses[0], losses[0] + " to " + losses[3]);
          assertTrue(end.leaked().leaves().isEmpty());
          int row = end.delta().size() / end.delta().dim(0);
          double[] d = end.delta().toDoubles();
          for (int r = 0; r < end.delta().dim(0); r++) {
            double squares = 0;
            double most = 0;
            for (int i = r * row; i < (r + 1) * row; i++) {
              squares += d[i] * d[i];
              most = Math.max(most, Math.abs(d[i]));
            }
            assertTrue((norm.equals("L2") ? Math.sqrt(squares) : most) <= 0.5 + 1e-6);
          }
        });
  }

  @Test
  void aLinearProbeFitsTheHeadAndStepsChangeNothing() throws IOException {
    Classifier one = model("lp", "encoder", Map.of());
    Classifier two = model("lp", "encoder", Map.of());
    try (RunFolder a = RunFolder.open(temp.resolve("a"), Map.of(), false);
        RunFolder b = RunFolder.open(temp.resolve("b"), Map.of(), false)) {
      fit(one, a, 1);
      fit(two, b, 2);
    }
    Classifier fresh = model("lp", "encoder", Map.of());
    one.model()
        .parameters()
        .forEach((name, p) -> {
          float[] before = parameter(fresh, name).value().toFloats();
          float[] after = p.value().toFloats();
          assertArrayEquals(parameter(two, name).value().toFloats(), after, name);
          if (name.equals("classifier.bias")) {
            return; // both classes are as frequent, so it may stay 0
          }
          if (name.equals("classifier.weight")) {
            assertFalse(Arrays.equals(before, after), name);
          } else {
            assertArrayEquals(before, after, name);
          }
        });
  }

  private static void fit(Classifier model, RunFolder run, int epochs) throws IOException {
    new Trainer(model, Methods.recipe("lp", Map.of()), settings(epochs))
        .fit(Tiny.examples(96, 1), Tiny.examples(32, 2), run, TrainListener.NONE);
  }
}
