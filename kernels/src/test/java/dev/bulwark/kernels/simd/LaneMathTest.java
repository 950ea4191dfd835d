package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Samples.KERNELS;
import static dev.bulwark.kernels.simd.Samples.SIMD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions of {@link LaneMath} against double arithmetic, in units of the last place. */
class LaneMathTest {
  private static final int COUNT = 200_003;

  @ParameterizedTest
  @CsvSource({
    "EXP, -87.3, 88.7, 1.5",
    "EXP, -1, 1, 1.5",
    "LOG, 1e-30, 1e30, 1.5",
    "LOG, 0.5, 2, 1.5",
    "TANH, -10, 10, 2.5",
    "TANH, -0.7, 0.7, 2.5",
    "ERF, -4.5, 4.5, 6",
    "ERF, -0.1, 0.1, 4",
    "SIGMOID, -87, 20, 3",
    "SOFTPLUS, -80, 80, 4",
    "GELU, -1, 10, 5",
    "SILU, -80, 80, 4"
  })
  void errorsStayWithinUlps(Unary op, double low, double high, double ulps) {
    Tensor x = Tensor.empty(Shape.of(COUNT), DType.F32, SIMD);
    KERNELS.uniform(Rng.seed(7), low, high, x);
    float[] xs = x.toFloats();
    float[] ys = x.map(op).toFloats();
    double worst = 0;
    float where = 0;
    for (int i = 0; i < COUNT; i++) {
      double expected = op.at(xs[i]);
      double error = Math.abs(ys[i] - expected) / Math.ulp((float) expected);
      if (!(error <= worst)) {
        worst = error;
        where = xs[i];
      }
    }
    assertTrue(worst <= ulps, op + " at " + where + " is " + worst + " ulps off");
  }

  @Test
  void theTailsOfGeluAreCloseInAbsoluteTerms() {
    for (Unary op : new Unary[] {Unary.GELU, Unary.GELU_TANH}) {
      for (float x = -12; x < 12; x += 0.01f) {
        assertEquals(op.at(x), at(op, x), 1e-6 * (1 + Math.abs(x)), op + " at " + x);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EXP, 89, Infinity",
    "EXP, Infinity, Infinity",
    "EXP, -88, 0",
    "EXP, -Infinity, 0",
    "EXP, NaN, NaN",
    "EXP, -3e38, 0",
    "LOG, 0, -Infinity",
    "LOG, -1, NaN",
    "LOG, Infinity, Infinity",
    "LOG, NaN, NaN",
    "LOG, 1, 0",
    "TANH, 40, 1",
    "TANH, -Infinity, -1",
    "TANH, NaN, NaN",
    "TANH, 0, 0",
    "SIGMOID, -Infinity, 0",
    "SIGMOID, Infinity, 1",
    "SIGMOID, NaN, NaN",
    "SOFTPLUS, 1000, 1000",
    "SOFTPLUS, -1000, 0",
    "SOFTPLUS, NaN, NaN",
    "ERF, Infinity, 1",
    "ERF, -9, -1",
    "ERF, NaN, NaN",
    "GELU, NaN, NaN",
    "GELU, 20, 20",
    "GELU, -20, 0",
    "RELU, NaN, NaN"
  })
  void specialValuesAreRight(Unary op, float x, float expected) {
    assertEquals(expected, at(op, x), 0f);
  }

  @Test
  void theLogarithmOfSubnormalNumbersIsRight() {
    assertEquals(Math.log(1e-40f), at(Unary.LOG, 1e-40f), 1e-5);
    assertEquals(Math.log(Float.MIN_VALUE), at(Unary.LOG, Float.MIN_VALUE), 1e-5);
  }

  @Test
  void aValueDoesNotDependOnItsPlace() {
    for (Unary op : Unary.values()) {
      Tensor x = Tensor.full(Shape.of(37), DType.F32, 0.7).to(SIMD);
      float[] ys = x.map(op).toFloats();
      for (float y : ys) {
        assertEquals(ys[0], y, 0f, op.name());
      }
    }
  }

  private static float at(Unary op, float x) {
    Tensor one = Tensor.empty(Shape.of(1), DType.F32, SIMD);
    one.heap().floats()[0] = x;
    return one.map(op).toFloats()[0];
  }
}
