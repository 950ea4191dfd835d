package dev.bulwark.robust.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Variable;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Precision;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LossScalingTest {
  private static Objective.Result result(float factor) {
    Variable x = Variable.leaf("x", Tensor.of(Shape.of(2), 1f, 2f));
    return new Objective.Result(x.times(factor).sum().backward(), 1, Map.of());
  }

  @Test
  void anOverflowHalvesTheScaleAndTheStepIsLeftOut() {
    LossScaling scaling = new LossScaling(Precision.F16);
    assertEquals(65_536, scaling.scale());
    assertTrue(scaling.accepts(result(1)));
    assertFalse(scaling.accepts(result(Float.POSITIVE_INFINITY)));
    assertEquals(32_768, scaling.scale());
    assertFalse(scaling.accepts(result(Float.NaN)));
    assertEquals(16_384, scaling.scale());
  }

  @Test
  void patienceDoublesTheScale() {
    LossScaling scaling = new LossScaling(Precision.F16);
    Objective.Result fine = result(1);
    for (int i = 0; i < 1999; i++) {
      assertTrue(scaling.accepts(fine));
    }
    assertEquals(65_536, scaling.scale());
    assertTrue(scaling.accepts(fine));
    assertEquals(131_072, scaling.scale());
  }

  @Test
  void endlessOverflowIsAnError() {
    LossScaling scaling = new LossScaling(Precision.F16);
    Objective.Result broken = result(Float.NaN);
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> {
              for (int i = 0; i < 100; i++) {
                scaling.accepts(broken);
              }
            });
    assertTrue(String.valueOf(e.getMessage()).contains("--precision bf16"), e.getMessage());
  }

  @Test
  void otherPrecisionsNeedNone() {
    LossScaling scaling = new LossScaling(Precision.BF16);
    assertEquals(1, scaling.scale());
    assertTrue(scaling.accepts(result(Float.NaN)));
    assertTrue(scaling.state().isEmpty());
    assertFalse(new LossScaling(Precision.F16).state().isEmpty());
  }

  @Test
  void gradientsAreTheSameUnderTheScale() {
    LossScaling scaling = new LossScaling(Precision.F16);
    Variable x = Variable.leaf("x", Tensor.of(Shape.of(2), 1f, 2f));
    Objective.Result scaled =
        scaling.gradients(() -> new Objective.Result(x.times(3).sum().backward(), 1, Map.of()));
    assertEquals(3, scaled.gradients().get(x).toFloats()[0]);
  }
}
