package dev.bulwark.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LossScaleTest {
  private final Variable x = Variable.leaf("x", Tensor.of(Shape.of(2), 3f, -2f));

  @Test
  void leavesSeeTheSameGradient() {
    float[] plain = gradient(false);
    assertArrayEquals(new float[] {6, -4}, plain);
    assertArrayEquals(plain, LossScale.with(1024, () -> gradient(false)));
    assertArrayEquals(plain, LossScale.with(1024, () -> gradient(true)));
  }

  @Test
  void gradientsThatWouldVanishOnTheirWaySurvive() {
    assertArrayEquals(new float[] {0, 0}, afterVanishing());
    assertArrayEquals(new float[] {1, 1}, LossScale.with(0x1p60, this::afterVanishing), 1e-5f);
  }

  /** The slope is 1e-30, 1e-50 (0 in float), 1e-20 and 1 on its way. */
  private float[] afterVanishing() {
    Variable y = x;
    for (double factor : new double[] {1e20, 1e30, 1e-20, 1e-30}) {
      y = Elementwise.affine(y, factor, 0);
    }
    return y.sum().backward().of(x).orElseThrow().toFloats();
  }

  private float[] gradient(boolean seeded) {
    Variable y = x.times(x);
    Gradients g =
        seeded
            ? y.backward(Tensor.of(Shape.of(2), 1f, 1f), Release.AS_CONSUMED)
            : y.sum().backward();
    return g.of(x).orElseThrow().toFloats();
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> LossScale.with(0, () -> 1));
    assertThrows(IllegalArgumentException.class, () -> LossScale.with(Double.NaN, () -> 1));
  }
}
