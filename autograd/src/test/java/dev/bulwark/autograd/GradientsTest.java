package dev.bulwark.autograd;

import static dev.bulwark.autograd.Messages.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GradientsTest {
  private final Variable a = Variable.leaf("a", Tensor.of(Shape.of(2), 1.0, 1));
  private final Variable b = Variable.leaf("b", Tensor.of(Shape.of(1), 1.0));

  private Gradients of(double a0, double a1) {
    return a.times(Variable.constant(Tensor.of(Shape.of(2), a0, a1))).sum().backward();
  }

  @Test
  void clippingIsPyTorchs() {
    Gradients clipped = of(3, 4).clipByGlobalNorm(1);
    assertArrayEquals(
        new double[] {0.599999880000024, 0.799999840000032}, clipped.get(a).toDoubles(), 1e-15);
    assertEquals(5, of(3, 4).globalNorm(), 1e-15);
  }

  @Test
  void smallAndBrokenGradientsAreNotClipped() {
    Gradients small = of(3, 4);
    assertSame(small, small.clipByGlobalNorm(6));
    Gradients broken = of(Double.NaN, 4);
    assertSame(broken, broken.clipByGlobalNorm(1));
    assertFalse(broken.allFinite());
    assertTrue(small.allFinite());
    assertThrows(IllegalArgumentException.class, () -> small.clipByGlobalNorm(0));
  }

  @Test
  void theNormIsOverAllLeaves() {
    Gradients g = of(3, 0).plus(b.times(4).sum().backward());
    assertEquals(5, g.globalNorm(), 1e-15);
    assertEquals(List.of(a, b), List.copyOf(g.leaves()));
    assertEquals(4, g.norm(List.of(b)), 1e-15);
    assertEquals(3, of(3, 0).norm(List.of(b, a)), 1e-15);
  }

  @Test
  void sumsAndMultiples() {
    Gradients sum = of(1, 2).plus(of(10, 20)).scale(0.5);
    assertArrayEquals(new double[] {5.5, 11}, sum.get(a).toDoubles());
    assertArrayEquals(
        new double[] {-5.5, -11}, sum.map((leaf, t) -> t.times(-1)).get(a).toDoubles());
    assertEquals(0, Gradients.none().globalNorm());
    assertArrayEquals(new double[] {1, 2}, Gradients.none().plus(of(1, 2)).get(a).toDoubles());
  }

  @Test
  void accumulatedMicroBatchesEqualTheWholeBatch() {
    Gradients whole = a.times(3).sum().plus(a.times(5).sum()).backward();
    Gradients parts = a.times(3).sum().backward().plus(a.times(5).sum().backward());
    assertArrayEquals(whole.get(a).toDoubles(), parts.get(a).toDoubles());
  }

  @Test
  void aMissingLeafIsNamed() {
    Gradients g = of(1, 2);
    assertTrue(g.of(b).isEmpty());
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> g.get(b));
    assertSays(e, "leaf 'b' f64[1]");
    IllegalArgumentException notLeaf =
        assertThrows(IllegalArgumentException.class, () -> g.get(a.times(2)));
    assertSays(notLeaf, "not a leaf");
  }
}
