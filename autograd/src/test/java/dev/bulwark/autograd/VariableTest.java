package dev.bulwark.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names, hooks, no-grad, and the convenience methods. */
final class VariableTest {
  private final Variable x = Variable.leaf("x", Tensor.of(Shape.of(2, 2), 1.0, 2, 3, 4));

  @Test
  void hooksSeeTheGradient() {
    List<double[]> seen = new ArrayList<>();
    Variable h = x.times(2).onGradient(dy -> seen.add(dy.toDoubles()));
    Gradients g = h.times(5).sum().backward();
    assertArrayEquals(new double[] {5, 5, 5, 5}, seen.getFirst());
    assertArrayEquals(new double[] {10, 10, 10, 10}, g.get(x).toDoubles());
  }

  @Test
  void hooksSeeTheSumOfAllUses() {
    List<double[]> seen = new ArrayList<>();
    Variable h = x.onGradient(dy -> seen.add(dy.toDoubles()));
    h.times(2).plus(h).sum().backward();
    assertEquals(1, seen.size());
    assertArrayEquals(new double[] {3, 3, 3, 3}, seen.getFirst());
  }

  @Test
  void hooksChangeTheGradient() {
    Variable h = x.mapGradient(dy -> dy.times(-1));
    assertEquals(-1, h.sum().backward().get(x).toDoubles()[0]);
  }

  @Test
  void aHookMayKeepTheGradientThatItSaw() {
    List<Tensor> kept = new ArrayList<>();
    Variable h = x.times(2).onGradient(dy -> kept.add(dy.copy().retain()));
    Elementwise.exp(h).sum().backward();
    assertEquals(Math.exp(2), kept.getFirst().toDoubles()[0], 1e-12);
  }

  @Test
  void withoutGradientsNoGraphIsBuilt() {
    assertFalse(NoGrad.active());
    Variable y = NoGrad.call(() -> x.times(2).sum());
    assertFalse(y.needsGradient());
    NoGrad.run(() -> assertTrue(NoGrad.active()));
    assertFalse(NoGrad.active());
    assertThrows(IllegalArgumentException.class, () -> NoGrad.call(() -> x.reshape(3)));
    assertFalse(NoGrad.active());
  }

  @Test
  void namesSayWhatAndWhere() {
    assertEquals("leaf 'x' f64[2, 2]", x.describe());
    assertEquals("constant", x.detach().name());
    assertEquals("mask", x.detach().named("mask").name());
    Variable h = ModulePath.within("encoder", () -> ModulePath.within("layer.3", () -> x.times(2)));
    assertTrue(
        h.describe().matches("affine #\\d+ at encoder\\.layer\\.3 f64\\[2, 2]"), h.describe());
    assertEquals("hidden", h.named("hidden").name());
    assertTrue(h.describe().contains("'hidden'"), h.describe());
    assertThrows(IllegalStateException.class, () -> x.named("other"));
    assertEquals("", ModulePath.current());
  }

  @Test
  void aLeafTakesANewValueOfItsShape() {
    x.setValue(Tensor.of(Shape.of(2, 2), 5.0, 6, 7, 8));
    assertEquals(5, x.value().toDoubles()[0]);
    assertThrows(ShapeException.class, () -> x.setValue(Tensor.zeros(Shape.of(4), DType.F64)));
    assertThrows(ShapeException.class, () -> x.setValue(Tensor.zeros(Shape.of(2, 2), DType.F32)));
    Variable h = x.times(2);
    assertThrows(IllegalStateException.class, () -> h.setValue(x.value()));
  }

  @Test
  void leavesAreFloating() {
    Tensor ids = Tensor.of(Shape.of(2), 1, 2);
    assertThrows(IllegalArgumentException.class, () -> Variable.leaf("ids", ids));
  }

  @Test
  void commonOpsAreMethods() {
    Variable y = x.plus(1).minus(x.times(0.5)).div(x).times(x.transpose(0, 1)).matmul(x);
    Variable z = y.permute(1, 0).reshape(4, 1).slice(0, 1, 3).select(1, 0).plus(x.select(0, 0));
    assertEquals(Shape.of(2), z.shape());
    assertEquals(2, z.dim(-1));
    // y = (x / 2 + 1) / x * xᵀ = [[1.5, 3], [5/3, 3]], times x = [[10.5, 15], [32/3, 46/3]]
    assertArrayEquals(new double[] {32 / 3.0 + 1, 17}, z.value().toDoubles(), 1e-12);
    assertEquals(z.sum().item() / 2, z.mean().item(), 1e-12);
  }
}
