package dev.bulwark.autograd;

import static dev.bulwark.autograd.Messages.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.autograd.op.Normalisation;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The graph walk: sums, depth, order, what is kept and what is given back. */
final class WalkTest {
  private final Variable x = leaf("x", 1, 2, 3);
  private final Variable y = leaf("y", 4, 5, 6);

  private static Variable leaf(String name, double... values) {
    return Variable.leaf(name, Tensor.of(Shape.of(values.length), values));
  }

  private static void assertNumbers(Tensor actual, double... expected) {
    assertArrayEquals(expected, actual.toDoubles(), 1e-12);
  }

  @Test
  void everyUseOfALeafCounts() {
    Variable loss = x.times(y).plus(x).plus(x.times(3)).sum();
    Gradients g = loss.backward();
    assertNumbers(g.get(x), 8, 9, 10);
    assertNumbers(g.get(y), 1, 2, 3);
  }

  @Test
  void oneTensorTwiceInOneOpCountsTwice() {
    assertNumbers(x.times(x).sum().backward().get(x), 2, 4, 6);
    assertNumbers(x.plus(x).sum().backward().get(x), 2, 2, 2);
    assertNumbers(x.minus(x).sum().backward().get(x), 0, 0, 0);
    assertNumbers(Views.concat(List.of(x, x, x), 0).sum().backward().get(x), 3, 3, 3);
  }

  @Test
  void gradientsPassedOnAsViewsDoNotLeakIntoEachOther() {
    // one gradient buffer is held, as itself or as a view, by four inputs; two are added to later
    Variable early = x.times(1);
    Variable sum = early.plus(y).reshape(1, 3);
    Variable loss = sum.plus(early.reshape(1, 3)).plus(y.times(2).reshape(1, 3)).sum();
    Gradients g = loss.backward();
    assertNumbers(g.get(x), 2, 2, 2);
    assertNumbers(g.get(y), 3, 3, 3);
  }

  @Test
  void aBackwardMayUseATensorAgainAfterHandingItOver() {
    Variable z =
        Node.of(
            "shared",
            x.value().plus(y.value()),
            List.of(x, x, y),
            (dy, to) -> {
              Tensor d = dy.times(1);
              to.add(0, () -> d);
              to.add(1, () -> dy.times(10)); // must not write into d
              to.add(2, () -> d.times(2));
            });
    Gradients g = z.sum().backward();
    assertNumbers(g.get(x), 11, 11, 11);
    assertNumbers(g.get(y), 2, 2, 2);
  }

  @Test
  void aBackwardMayAnswerAForwardValue() {
    Gradients g =
        Scope.call(
            "step",
            () -> {
              Variable h = x.times(2);
              Variable z =
                  Node.of(
                      "dot",
                      h.value().times(y.value()).sum(),
                      List.of(h, y),
                      (dy, to) -> {
                        to.add(0, y::value); // right for dy = 1 only
                        to.add(1, h::value);
                      });
              return z.backward().retain();
            });
    assertNumbers(g.get(x), 8, 10, 12);
    assertNumbers(g.get(y), 2, 4, 6);
    assertNumbers(y.value(), 4, 5, 6);
  }

  @Test
  void depthIsNoLimit() {
    Gradients g =
        Scope.call(
            "deep",
            () -> {
              Variable v = x;
              for (int i = 0; i < 200_000; i++) {
                v = v.plus(0.5);
              }
              return v.sum().backward().retain();
            });
    assertNumbers(g.get(x), 1, 1, 1);
  }

  @Test
  void widthIsNoLimit() {
    List<Variable> parts = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      parts.add(x.times(2));
    }
    assertNumbers(Views.concat(parts, 0).sum().backward().get(x), 10_000, 10_000, 10_000);
  }

  @Test
  void theSameGraphGivesTheSameBits() {
    double[] first = manyRoundings();
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(first, manyRoundings(), 0);
    }
  }

  private static double[] manyRoundings() {
    Variable w = Variable.leaf("w", Tensor.of(Shape.of(2), 0.1f, 0.7f));
    Variable v = w;
    for (int i = 0; i < 50; i++) {
      v = Elementwise.tanh(v.times(1.1).plus(w)).plus(w.times(0.3 + i * 1e-3));
    }
    return v.sum().backward().get(w).toDoubles();
  }

  @Test
  void constantsAndWhatIsMadeOfThemHaveNoNode() {
    Variable c = Variable.constant(x.value()).times(2).plus(1);
    assertFalse(c.needsGradient());
    assertEquals(null, c.node());
    assertThrows(IllegalStateException.class, () -> c.sum().backward());
  }

  @Test
  void detachingCutsTheGraph() {
    Variable h = x.times(3);
    assertNumbers(h.detach().times(x).sum().backward().get(x), 3, 6, 9);
  }

  @Test
  void aLeafCanBeItsOwnRoot() {
    Tensor seed = Tensor.of(Shape.of(3), 1.0, 2, 3);
    Gradients g = x.backward(seed, Release.AS_CONSUMED);
    assertNumbers(g.get(x), 1, 2, 3);
    assertNotSame(seed.buffer(), g.get(x).buffer(), "a gradient shares memory with nothing");
  }

  @Test
  void onlyWantedLeavesAreComputed() {
    Variable w = Variable.leaf("w", Tensor.of(Shape.of(3), 1.0, 1, 1));
    boolean[] touched = new boolean[1];
    Variable h =
        w.mapGradient(dy -> {
          touched[0] = true;
          return dy;
        });
    Gradients g = h.times(x).times(y).sum().backward(Release.AS_CONSUMED, List.of(x));
    assertNumbers(g.get(x), 4, 5, 6);
    assertEquals(1, g.leaves().size());
    assertFalse(touched[0], "work for a leaf that nobody asked for");
  }

  @Test
  void startingPointsAreChecked() {
    assertThrows(ShapeException.class, () -> x.times(2).backward());
    assertThrows(
        ShapeException.class,
        () -> x.times(2).backward(Tensor.zeros(Shape.of(2), DType.F64), Release.RETAIN));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> x.sum().backward(Release.RETAIN, List.of(x.times(2))));
    assertSays(e, "not a leaf");
  }

  @Test
  void aWrongGradientShapeNamesOpAndInput() {
    Variable z = Node.of("mine", x.value().sum(), List.of(x), (dy, to) -> to.add(0, () -> dy));
    ShapeException e = assertThrows(ShapeException.class, z::backward);
    assertSays(e, "backward of mine #");
    assertSays(e, "leaf 'x' f64[3]");
  }

  @Test
  void partsOfATableAreAddedInPlace() {
    Variable table = Variable.leaf("table", Tensor.zeros(Shape.of(4, 2), DType.F64));
    Tensor ids = Tensor.of(Shape.of(3), 1, 1, 3);
    Variable rows = Indexing.embedding(table, ids, -1);
    Variable tied =
        Matmul.matmul(Variable.constant(Tensor.full(Shape.of(1, 4), DType.F64, 1)), table);
    Gradients g = rows.sum().plus(tied.sum()).plus(table.slice(0, 0, 1).sum()).backward();
    assertNumbers(g.get(table), 2, 2, 3, 3, 1, 1, 2, 2);
  }

  // ---- what is given back

  @Test
  void theGraphIsConsumedOnceAndSaysSo() {
    Variable h = x.times(2);
    Variable loss = h.sum();
    Variable other = h.mean();
    loss.backward();
    IllegalStateException again = assertThrows(IllegalStateException.class, loss::backward);
    assertSays(again, "Release.RETAIN");
    assertThrows(IllegalStateException.class, other::backward);
  }

  @Test
  void aRetainedGraphIsWalkedAgain() {
    Variable loss = Elementwise.exp(x.times(y)).sum();
    double[] first = loss.backward(Release.RETAIN).get(x).toDoubles();
    assertArrayEquals(first, loss.backward(Release.RETAIN).get(x).toDoubles(), 0);
    assertArrayEquals(first, loss.backward().get(x).toDoubles(), 0);
  }

  @Test
  void valuesAreReleasedAsTheyAreConsumedButNotTheRootNorWhatWasKept() {
    Scope.run(
        "step",
        () -> {
          Variable h = Elementwise.exp(x);
          Variable viewed = h.reshape(3, 1);
          Variable detached = Elementwise.tanh(x);
          Tensor kept = detached.detach().value();
          Variable retained = Elementwise.sin(x);
          retained.value().retain();
          Variable constant = Variable.constant(x.value().times(2));
          Variable loss = viewed.reshape(3).times(detached).times(retained).times(constant).sum();
          double before = loss.item();
          Gradients g = loss.backward();
          assertEquals(before, loss.item(), 0);
          IllegalStateException e =
              assertThrows(IllegalStateException.class, () -> h.value().toDoubles());
          assertSays(e, "consumed by backward");
          assertThrows(IllegalStateException.class, () -> viewed.value().toDoubles());
          assertTrue(Double.isFinite(kept.sum().item()));
          assertTrue(Double.isFinite(retained.value().sum().item()));
          assertTrue(Double.isFinite(constant.value().sum().item()));
          assertTrue(g.allFinite());
          assertNumbers(x.value(), 1, 2, 3);
        });
  }

  @Test
  void gradientsBelongToTheScopeAroundTheBackwardPass() {
    Gradients[] g = new Gradients[2];
    Scope.run(
        "outer",
        () -> {
          g[0] = Scope.call("inner", () -> x.times(2).sum().backward());
          g[1] = Scope.call("inner", () -> x.times(2).sum().backward().retain());
        });
    assertThrows(IllegalStateException.class, () -> g[0].get(x).toDoubles());
    assertNumbers(g[1].get(x), 2, 2, 2);
  }

  @Test
  void withoutGradientsOperandsOutliveWhatAnOpSavesForItself() {
    Scope.run(
        "prediction",
        () -> {
          Variable h = Variable.constant(x.value().times(2).reshape(1, 3));
          Variable gain = Variable.constant(x.value().times(1));
          Variable y = Normalisation.layerNorm(h, gain, gain, 1e-5);
          Variable z = Matmul.linear(y, h, null);
          assertTrue(Double.isFinite(z.sum().item() + y.sum().item() + h.sum().item()));
        });
  }

  @Test
  void copiesMadeForTheBackwardAreGivenBackWithTheirNode() {
    Scope.run(
        "step",
        () -> {
          Variable h = x.times(2);
          Tensor saved = h.value().times(3);
          Variable y =
              Node.of(
                  "saving",
                  h.value().times(1),
                  List.of(h),
                  List.of(saved),
                  (dy, to) -> to.add(0, () -> dy.times(saved)));
          Gradients g = y.sum().backward();
          assertTrue(saved.buffer().isReleased());
          assertNumbers(g.get(x), 12, 24, 36);
        });
  }

  @Test
  void memoryInFlightDoesNotGrowWithDepth() {
    Scope.run(
        "step",
        () -> {
          List<Variable> chain = new ArrayList<>();
          Variable v = x;
          for (int i = 0; i < 50; i++) {
            v = Elementwise.tanh(v);
            chain.add(v);
          }
          long[] alive = new long[2];
          Variable mid = chain.get(10).onGradient(dy -> alive[0] = live(chain));
          for (int i = 11; i < 50; i++) {
            mid = Elementwise.tanh(mid);
            chain.add(mid);
          }
          mid.sum().backward();
          assertEquals(50, alive[0], "39 consumed values of the newer half are gone");
          assertNotNull(chain);
        });
  }

  private static long live(List<Variable> chain) {
    return chain.stream().filter(v -> !v.value().buffer().isReleased()).count();
  }
}
