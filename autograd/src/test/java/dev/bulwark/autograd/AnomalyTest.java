package dev.bulwark.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Normalisation;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class AnomalyTest {
  private final Variable x = Variable.leaf("x", Tensor.of(Shape.of(2, 2), 1.0, 0, -1, 4));

  private static String message(Supplier<?> body) {
    return String.valueOf(
        assertThrows(NonFiniteException.class, () -> Anomaly.watch(body)).getMessage());
  }

  private static void assertContains(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
    }
  }

  @Test
  void theOpThatMadeTheFirstNaNIsNamed() {
    String m =
        message(() ->
            ModulePath.within("head", () -> Elementwise.exp(Elementwise.log(x.times(2))).sum()));
    assertContains(
        m,
        "log: the result f64[2, 2] has 1 NaN and 1 infinite, the first at [0, 1] at head",
        "0: affine #",
        "(finite): it began in this op");
  }

  @Test
  void anInputThatWasBadAlreadyIsNamed() {
    Variable bad = Variable.leaf("bad", Tensor.of(Shape.of(2), 1.0, Double.NaN));
    Variable good = Variable.leaf("good", Tensor.of(Shape.of(2), 1.0, 2));
    String m = message(() -> good.times(bad));
    assertContains(m, "mul:", "0: leaf 'good' f64[2] (finite)");
    assertContains(m, "1: leaf 'bad' f64[2] (already 1 NaN and 0 infinite, the first at [1])");
    assertFalse(m.contains("it began"), m);
  }

  @Test
  void theBackwardThatMadeTheFirstNaNIsNamed() {
    Variable zero = Variable.leaf("zero", Tensor.of(Shape.of(1), 0.0));
    String m =
        message(() ->
            ModulePath.within("pool", () -> Elementwise.sqrt(zero).named("root")).sum().backward());
    assertContains(
        m,
        "backward of sqrt #",
        "'root' at pool: the gradient of input 0, leaf 'zero' f64[1], has 0 NaN and 1 infinite",
        "was finite: it began in this op");
  }

  @Test
  void aReplayedBlockKnowsItsPlace() {
    Variable zero = Variable.leaf("zero", Tensor.of(Shape.of(1), 0.0));
    String m =
        message(() ->
            ModulePath.within(
                    "layer.3", () -> Recompute.of(in -> Elementwise.sqrt(in.get(0)), List.of(zero)))
                .sum()
                .backward());
    assertContains(m, "backward of sqrt #", "at layer.3");
  }

  @Test
  void masksOfMinusInfinityAreFine() {
    Tensor mask = Tensor.of(Shape.of(2, 2), 0, 1, 0, 0).cast(DType.U8);
    Gradients g =
        Anomaly.watch(() ->
            Normalisation.softmax(Elementwise.maskedFill(x, mask, Double.NEGATIVE_INFINITY), -1)
                .times(x)
                .sum()
                .backward());
    assertTrue(g.allFinite());
  }

  @Test
  void nothingIsCheckedOutside() {
    assertFalse(Anomaly.active());
    assertTrue(Double.isNaN(Elementwise.log(x).sum().item()));
  }

  @Test
  void resultsAreTheSameWhileWatched() {
    double plain = Elementwise.tanh(x).sum().item();
    assertEquals(plain, Anomaly.watch(() -> Elementwise.tanh(x).sum().item()));
  }
}
