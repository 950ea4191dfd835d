package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.robust.perturb.LayerNoise;
import dev.bulwark.robust.perturb.TokenMask;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Steps of RSMI, ALUM and TRADES on one batch. */
class RsmiTest {
  private static final LayerNoise SILENT = new LayerNoise(0, 1);
  private static final TokenMask MASK = new TokenMask(Tiny.tokenizer().maskId());

  private static SequenceClassifier model(double dropout) {
    return new SequenceClassifier(
        Source.random(DType.F32, Rng.seed(3)), BertConfig.of(Tiny.config(dropout)), 2, dropout);
  }

  private static Step step(SequenceClassifier model, PassTerm... terms) {
    Batch batch =
        new Batcher(
                Tiny.examples(8, 4),
                InputEncoder.plain(Tiny.tokenizer(), 24),
                8,
                BatchOrder.BY_LENGTH)
            .batch(IntStream.range(0, 8).toArray());
    Context context = Context.training(Rng.seed(9));
    return new Step(model, batch, context, Draws.of(Rng.seed(5)), List.of(terms));
  }

  private static int masks(Step step) {
    return (int) IntStream.of(step.batch().tokens().ids()).filter(id -> id == MASK.id()).count();
  }

  private static double loss(Objective objective, double dropout, PassTerm... terms) {
    return Scope.call("test", () -> objective.gradients(step(model(dropout), terms)).loss());
  }

  @Test
  void withoutNoiseMaskAndGradientItIsPlainTraining() {
    Scope.run(
        "test",
        () -> {
          SequenceClassifier model = model(0);
          Objective.Result plain = new Standard().gradients(step(model));
          Objective.Result rsmi = new Rsmi(SILENT, MASK, 0, 1, 0, true).gradients(step(model));
          assertEquals(plain.loss(), rsmi.loss());
          for (Parameter p : model.parameters().values()) {
            assertArrayEquals(
                plain.gradients().get(p.leaf()).toFloats(),
                rsmi.gradients().get(p.leaf()).toFloats());
          }
        });
  }

  @Test
  void eachPartChangesTheLoss() {
    double plain = loss(new Standard(), 0);
    assertNotEquals(plain, loss(new Rsmi(new LayerNoise(0.2, 1), MASK, 0, 1, 0, true), 0));
    assertNotEquals(plain, loss(new Rsmi(SILENT, MASK, 2, 1, 0, true), 0));
    assertTrue(
        loss(new Rsmi(SILENT, MASK, 0, 1, 1, true), 0) > plain, "the gradient points upwards");
    assertNotEquals(
        loss(new Rsmi(SILENT, MASK, 0, 1, 0, false), 0.3),
        loss(new Rsmi(SILENT, MASK, 0, 1, 0, true), 0.3));
  }

  @Test
  void aShareOfTheRowsIsMasked() {
    Scope.run(
        "test",
        () -> {
          int all = masks(new Rsmi(SILENT, MASK, 2, 1, 0, false).prepare(step(model(0))).step());
          int half = masks(new Rsmi(SILENT, MASK, 2, 0.5, 0, false).prepare(step(model(0))).step());
          int none = masks(new Rsmi(SILENT, MASK, 2, 0.1, 0, false).prepare(step(model(0))).step());
          assertTrue(all > half && half > 0, all + " and " + half);
          assertEquals(0, none, "a tenth of 8 rows is less than one");
        });
  }

  @Test
  void theTermsOfOtherMethodsCount() {
    Rsmi rsmi = new Rsmi(SILENT, MASK, 2, 1, 1, true);
    PassTerm trades = new Trades(2, new Ball(Ball.Norm.L2, 0.1, 0.1, 0), 1, true);
    assertTrue(loss(rsmi, 0, trades) > loss(rsmi, 0));
  }

  @Test
  void alumAndTradesAddADivergenceThatGrowsWithTheRadius() {
    double plain = loss(new Standard(), 0);
    double near = loss(new Standard(), 0, new Alum(1, 1e-5, 1e-3, 0.01, 1)) - plain;
    double far = loss(new Standard(), 0, new Alum(1, 1e-5, 1e-3, 0.05, 1)) - plain;
    assertTrue(near > 0 && far > near, near + " and " + far);
    near = loss(new Standard(), 0, trades(1, 0.02)) - plain;
    far = loss(new Standard(), 0, trades(5, 0.02)) - plain;
    assertTrue(near > 0 && far > near, near + " and " + far);
    assertEquals(
        plain, loss(new Standard(), 0, new Trades(1, new Ball(Ball.Norm.L2, 1, 1, 0), 0, true)));
  }

  private static Trades trades(int steps, double rate) {
    return new Trades(steps, new Ball(Ball.Norm.L2, 0.01, rate, 0), 1, true);
  }

  @Test
  void theCleanSideOfTradesMayStandAsATarget() {
    Scope.run(
        "test",
        () -> {
          SequenceClassifier model = model(0);
          Ball ball = new Ball(Ball.Norm.L2, 0.1, 0.1, 0);
          Objective.Result both =
              new Standard().gradients(step(model, new Trades(1, ball, 1, true)));
          Objective.Result one =
              new Standard().gradients(step(model, new Trades(1, ball, 1, false)));
          assertEquals(both.loss(), one.loss());
          assertNotEquals(both.gradients().globalNorm(), one.gradients().globalNorm());
        });
  }
}
