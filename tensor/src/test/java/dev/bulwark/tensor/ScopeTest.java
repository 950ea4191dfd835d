package dev.bulwark.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static final Shape S = Shape.of(300);

  @Test
  void releasesWhatWasMadeInsideAndNamesTheScopeAfterwards() {
    List<Tensor> made = new ArrayList<>();
    Scope.run("step", () -> Scope.run("example", () -> made.add(Tensor.zeros(S, DType.F32))));
    Tensor t = made.getFirst();
    assertTrue(t.buffer().isReleased());
    assertEquals("f32[300] (released)", t.toString());
    var e = assertThrows(IllegalStateException.class, t::toFloats);
    assertEquals(
        "a F32 buffer of 300 elements is used after its release (scope 'step/example' closed);"
            + " return the tensor with Scope.keep or call retain() before",
        e.getMessage());
    assertThrows(IllegalStateException.class, () -> t.plus(1));
    assertThrows(IllegalStateException.class, t::retain);
  }

  @Test
  void keepMovesTheResultOutwards() {
    List<Tensor> seen = new ArrayList<>();
    Tensor[] kept = new Tensor[1];
    Scope.run(
        "outer",
        () -> {
          kept[0] =
              Scope.keep(
                  "inner",
                  () -> {
                    seen.add(Tensor.zeros(S, DType.F32));
                    return Tensor.full(S, DType.F32, 2);
                  });
          assertEquals(600, kept[0].sum().item());
          assertTrue(seen.getFirst().buffer().isReleased());
          assertEquals(Scope.current(), kept[0].buffer().owner());
        });
    assertTrue(kept[0].buffer().isReleased());
  }

  @Test
  void keepOutsideOfAnyScopeLeavesTheResultToTheCollector() {
    Tensor t = Scope.keep("only", () -> Tensor.full(S, DType.F32, 2));
    assertNull(t.buffer().owner());
    assertEquals(600, t.sum().item());
  }

  @Test
  void retainLetsATensorOutliveItsScope() {
    Tensor t = Scope.call("call", () -> Tensor.full(S, DType.F64, 1).retain());
    assertFalse(t.buffer().isReleased());
    assertEquals(300, t.sum().item());
  }

  @Test
  void failuresReleaseToo() {
    List<Tensor> made = new ArrayList<>();
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Scope.run(
                "bad",
                () -> {
                  made.add(Tensor.zeros(S, DType.F32));
                  throw new IllegalArgumentException();
                }));
    assertTrue(made.getFirst().buffer().isReleased());
    assertNull(Scope.current());
  }

  @Test
  void scopesKnowTheirNamesAndEnd() {
    assertNull(Scope.current());
    String name =
        Scope.call(
            "a", () -> Scope.call("b", () -> Objects.requireNonNull(Scope.current()).name()));
    assertEquals("a/b", name);
  }

  @Test
  void releasingTwiceIsOnce() {
    Buffer b = Tensor.zeros(S, DType.F32).buffer();
    b.release("first");
    b.release("second");
    var e = assertThrows(IllegalStateException.class, b::checkLive);
    assertTrue(String.valueOf(e.getMessage()).contains("(first)"));
  }

  @Test
  void scopesOfOtherThreadsAreTheirOwn() throws InterruptedException {
    Scope[] inside = new Scope[1];
    Scope.run(
        "main",
        () -> {
          assertNotNull(Scope.current());
          Thread t = Thread.ofPlatform().start(() -> inside[0] = Scope.current());
          try {
            t.join();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertNull(inside[0]);
  }
}
