package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.BatchOrder;
import dev.bulwark.robust.data.Batcher;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MethodsTest {
  private static final int[] BATCH = {0, 3, 5, 6};

  private static SequenceClassifier model(DType dtype, double dropout) {
    return new SequenceClassifier(
        Source.random(dtype, Rng.seed(3)), BertConfig.of(Tiny.config(dropout)), 2, dropout);
  }

  private static Step step(SequenceClassifier model) {
    Batch batch =
        new Batcher(
                Tiny.examples(8, 4),
                InputEncoder.plain(Tiny.tokenizer(), 24),
                4,
                BatchOrder.BY_LENGTH)
            .batch(BATCH);
    assertTrue(batch.tokens().hasPadding());
    return new Step(model, batch, Context.training(Rng.seed(9)));
  }

  private static Objective method(String name, String... options) {
    Map<String, String> set = new java.util.TreeMap<>();
    for (String o : options) {
      set.put(o.split("=")[0], o.split("=")[1]);
    }
    Setup setup =
        new Setup(
            new Classifier(model(DType.F32, 0), Tiny.tokenizer(), Tiny.config(0), Tiny.LABELS),
            24,
            1,
            Rng.seed(1),
            Optional.empty());
    return Methods.recipe(name, set).tuning().apply(setup).objective().orElseThrow();
  }

  private static <T> T inDoublePrecision(Supplier<T> body) {
    return Backends.with(Backends.reference(), () -> Scope.call("test", body));
  }

  private static void assertSame(SequenceClassifier model, Gradients e, Gradients a) {
    for (Parameter p : model.parameters().values()) {
      assertArrayEquals(e.get(p.leaf()).toDoubles(), a.get(p.leaf()).toDoubles(), p.name());
    }
  }

  @Test
  void freeLbWithoutPerturbationIsPlainTraining() {
    Scope.call(
        "test",
        () -> {
          SequenceClassifier model = model(DType.F32, 0);
          Objective.Result plain = method("standard").gradients(step(model));
          Objective.Result freeLb =
              method("freelb", "adv-steps=1", "adv-init-mag=0", "adv-lr=0").gradients(step(model));
          assertEquals(plain.loss(), freeLb.loss());
          assertSame(model, plain.gradients(), freeLb.gradients());
          return 0;
        });
  }

  @Test
  void everyPassDrawsItsOwnDropout() {
    Scope.call(
        "test",
        () -> {
          double[] losses = new double[2];
          int[] at = {0};
          new FreeLb(2, new Ball(Ball.Norm.L2, 0, 0, 0), false)
              .gradients(
                  step(model(DType.F32, 0.3)),
                  Tensor.zeros(dev.bulwark.tensor.Shape.of(4, length(), 32), DType.F32),
                  (delta, pass) -> losses[at[0]++] = pass.crossEntropy());
          assertNotEquals(losses[0], losses[1]);
          return 0;
        });
  }

  private static int length() {
    return step(model(DType.F32, 0)).batch().tokens().length();
  }

  @Test
  void freeLbIsTheMeanOverItsPasses() {
    inDoublePrecision(() -> {
      SequenceClassifier model = model(DType.F64, 0);
      Step step = step(model);
      Ball ball = new Ball(Ball.Norm.L2, 0.2, 0.3, 0.4);
      Tensor d0 = ball.start(step.batch().tokens(), 32, DType.F64, step.draws());
      Pass one = pass(step, d0);
      Pass two = pass(step, ball.ascend(d0, one.direction));
      Objective.Result actual = new FreeLb(2, ball, false).gradients(step);
      assertEquals((one.loss + two.loss) / 2, actual.loss(), 1e-12);
      assertClose(model, one.gradients.plus(two.gradients).scale(0.5), actual.gradients());
      return 0;
    });
  }

  @Test
  void pgdAddsTheLossWhereTheClimbEnds() {
    inDoublePrecision(() -> {
      SequenceClassifier model = model(DType.F64, 0);
      Step step = step(model);
      Ball ball = new Ball(Ball.Norm.LINF, 0, 0.1, 0.15);
      Tensor zero = ball.start(step.batch().tokens(), 32, DType.F64, step.draws());
      Pass clean = pass(step, zero);
      Tensor d1 = ball.ascend(zero, clean.direction);
      Pass end = pass(step, ball.ascend(d1, pass(step, d1).direction));
      Objective.Result actual = new Pgd(2, ball).gradients(step);
      assertEquals(clean.loss + end.loss, actual.loss(), 1e-12);
      assertEquals(end.loss, actual.readings().getOrDefault("adversarial_loss", 0.0), 1e-12);
      assertTrue(end.loss > clean.loss, "climbing raises the loss");
      assertClose(model, clean.gradients.plus(end.gradients), actual.gradients());
      return 0;
    });
  }

  @Test
  void fgmIsOneStepOfPgdFromZero() {
    Scope.call(
        "test",
        () -> {
          SequenceClassifier model = model(DType.F32, 0);
          Objective.Result fgm = method("fgm", "adv-lr=0.5").gradients(step(model));
          Objective.Result pgd =
              method("pgd", "adv-steps=1", "adv-init-mag=0", "adv-lr=0.5").gradients(step(model));
          assertEquals(pgd.loss(), fgm.loss());
          assertSame(model, pgd.gradients(), fgm.gradients());
          return 0;
        });
  }

  private record Pass(double loss, Gradients gradients, Tensor direction) {}

  private static Pass pass(Step step, Tensor delta) {
    Variable d = Variable.leaf("delta", delta);
    Variable words = step.model().encoder().embed(step.batch().tokens());
    Variable loss = step.crossEntropy(step.logits(words.plus(d), 0));
    double value = loss.item();
    Gradients g = loss.backward();
    return new Pass(value, g, g.get(d));
  }

  private static void assertClose(SequenceClassifier model, Gradients e, Gradients a) {
    for (Parameter p : model.parameters().values()) {
      assertArrayEquals(e.get(p.leaf()).toDoubles(), a.get(p.leaf()).toDoubles(), 1e-12, p.name());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "freelb|adv-step=3|has no option 'adv-step'; it has [adv-steps, adv-init-mag, adv-lr,",
        "standard|adv-lr=1|method 'standard' has no option 'adv-lr'; it has []",
        "freelb|adv-lr=-1|adv-lr must not be negative",
        "freelb|adv-max-norm=-0.5|adv-max-norm must not be negative",
        "pgd|adv-init-mag=-2|adv-init-mag must not be negative",
        "fgm|adv-lr=-1|adv-lr must not be negative",
        "freelb|adv-lr=fast|adv-lr=fast is not a number",
        "freelb|adv-lr=NaN|adv-lr=NaN is not a number",
        "freelb|adv-lr=Infinity|adv-lr=Infinity is not a number",
        "freelb|adv-steps=2.5|adv-steps must be a whole number, not 2.5",
        "freelb|adv-steps=0|adv-steps of at least 1",
        "pgd|adv-steps=0|adv-steps of at least 1",
        "pgd|norm-type=l3|norm-type must be one of [l2, linf, l2-token, sign], not l3",
      })
  void aSenselessOptionIsRefused(String method, String option, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> method(method, option));
    assertTrue(e.toString().contains(message), e.toString());
  }

  @Test
  void anUnknownMethodListsTheKnownOnes() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Methods.named("freelp"));
    assertTrue(e.toString().contains("[standard, alum, ascc, augment, "), e.toString());
  }
}
