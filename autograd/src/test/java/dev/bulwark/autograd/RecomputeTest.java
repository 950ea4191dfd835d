package dev.bulwark.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.op.Dropout;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.autograd.op.Normalisation;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RecomputeTest {
  private static final Rng RNG = Rng.seed(5);
  private static final int WIDTH = 6;

  private final Variable x = normal("x", Shape.of(4, WIDTH));
  private final Variable shared = normal("shared", Shape.of(WIDTH, WIDTH));
  private final List<Variable> weights =
      IntStream.range(0, 3).mapToObj(i -> normal("w" + i, Shape.of(WIDTH, WIDTH))).toList();

  private static Variable normal(String name, Shape shape) {
    Tensor t = Tensor.zeros(shape, DType.F32);
    t.kernels().normal(RNG.split(name), 0, 0.5, t);
    return Variable.leaf(name, t);
  }

  /** A layer with a residual, dropout, weights of its own, shared ones twice, and a side input. */
  private Function<List<Variable>, Variable> layer(int i) {
    Variable ones = Variable.constant(Tensor.full(Shape.of(WIDTH), DType.F32, 1));
    return in -> {
      Variable h = Elementwise.gelu(Matmul.linear(in.get(0), weights.get(i), null));
      h = Dropout.dropout(Matmul.linear(h, shared, null), 0.2, RNG.split("drop").split(i));
      h = h.plus(Matmul.linear(in.get(0), shared, null)).plus(in.get(in.size() - 1));
      return Normalisation.layerNorm(in.get(0).plus(h), ones, ones, 1e-5);
    };
  }

  /** Three layers; each takes the hidden state and the embeddings, which reach back to x. */
  private Gradients gradients(boolean recompute, boolean scoped, Variable input) {
    if (scoped) {
      return Scope.call("step", () -> gradients(recompute, false, input).retain());
    }
    Variable embedded = input.times(1.3);
    Variable h = embedded;
    for (int i = 0; i < 3; i++) {
      h =
          recompute
              ? Recompute.of(layer(i), List.of(h, embedded))
              : layer(i).apply(List.of(h, embedded));
    }
    return Elementwise.square(h).plus(embedded).sum().backward();
  }

  private static void assertSameBits(Gradients expected, Gradients actual) {
    assertEquals(expected.leaves(), actual.leaves());
    for (Variable leaf : expected.leaves()) {
      assertArrayEquals(
          expected.get(leaf).toDoubles(), actual.get(leaf).toDoubles(), 0, leaf.name());
    }
  }

  @Test
  void gradientsHaveTheSameBitsWithDropoutAndSharedWeights() {
    Gradients plain = gradients(false, false, x);
    assertEquals(5, plain.leaves().size());
    assertSameBits(plain, gradients(true, false, x));
    assertSameBits(plain, gradients(true, true, x));
  }

  @Test
  void leavesInsideGetGradientsEvenIfNoInputNeedsOne() {
    Variable frozen = Variable.constant(x.value());
    Gradients plain = gradients(false, true, frozen);
    assertEquals(4, plain.leaves().size());
    assertSameBits(plain, gradients(true, true, frozen));
  }

  @Test
  void blocksMayBeNested() {
    Variable h = x.times(1.3);
    Function<List<Variable>, Variable> twice =
        in -> layer(1).apply(List.of(layer(0).apply(in), in.get(0)));
    Function<List<Variable>, Variable> nested =
        in -> Recompute.of(layer(1), List.of(Recompute.of(layer(0), in), in.get(0)));
    Gradients plain = twice.apply(List.of(h)).sum().backward(Release.RETAIN);
    Gradients again =
        Scope.call(
            "step", () -> Recompute.of(nested, List.of(x.times(1.3))).sum().backward().retain());
    assertSameBits(plain, again);
  }

  @Test
  void earlierVariablesMayBeCaptured() {
    Variable bias = x.times(2);
    Variable plain = Elementwise.tanh(x.plus(bias)).times(bias).sum();
    Gradients expected = plain.backward(Release.RETAIN);
    Gradients actual =
        Scope.call(
            "step",
            () -> {
              Variable captured = x.times(2);
              return Recompute.of(
                      in -> Elementwise.tanh(in.get(0).plus(captured)).times(captured), List.of(x))
                  .sum()
                  .backward()
                  .retain();
            });
    assertSameBits(expected, actual);
  }

  @Test
  void innerValuesAreGivenBackAtOnceAndTheResultIsNot() {
    Scope.run(
        "step",
        () -> {
          Tensor[] inner = new Tensor[1];
          Variable y =
              Recompute.of(
                  in -> {
                    Variable h = Elementwise.exp(in.get(0));
                    inner[0] = h.value();
                    return h.times(2);
                  },
                  List.of(x));
          assertTrue(inner[0].buffer().isReleased());
          assertTrue(Double.isFinite(y.sum().item()));
        });
  }

  @Test
  void aBlockMayPassItsInputThrough() {
    Scope.run(
        "step",
        () -> {
          Gradients g = Recompute.of(in -> in.get(0), List.of(x)).sum().backward();
          assertEquals(1, g.get(x).toDoubles()[0]);
        });
    assertTrue(Double.isFinite(x.value().sum().item()), "the leaf outlives the scope");
  }

  @Test
  void onlyWantedLeavesAreFound() {
    Function<List<Variable>, Variable> block = layer(0);
    Variable y = Recompute.of(block, List.of(x, x));
    Gradients g = y.sum().backward(Release.RETAIN, List.of(shared));
    assertEquals(List.of(shared), List.copyOf(g.leaves()));
    assertSameBits(block.apply(List.of(x, x)).sum().backward(Release.RETAIN, List.of(shared)), g);
  }

  @Test
  void nothingIsKeptWhereNoGradientIsWanted() {
    Variable c = Variable.constant(x.value());
    assertFalse(Recompute.of(in -> in.get(0).times(2), List.of(c)).needsGradient());
    assertFalse(
        NoGrad.call(() -> Recompute.of(in -> in.get(0).times(2), List.of(x))).needsGradient());
  }

  @Test
  void aReplayedGraphIsConsumedToo() {
    Variable loss = Recompute.of(layer(0), List.of(x, x)).sum();
    loss.backward();
    assertThrows(IllegalStateException.class, loss::backward);
  }
}
