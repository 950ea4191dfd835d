package dev.bulwark.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Precision;
import org.junit.jupiter.api.Test;

/** What the contract of matrix products does not ask. */
class ProductsTest {
  private static Tensor random(int seed, int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, Backends.reference());
    t.kernels().uniform(Rng.seed(seed), -1, 1, t);
    return t;
  }

  @Test
  void aResultMayBeAnOperand() {
    GpuBackend gpu = OnOpenCl.open();
    Tensor a = random(1, 70, 70);
    Tensor b = random(2, 70, 70);
    double[] expected = a.matmul(b).toDoubles();
    Tensor left = a.to(gpu);
    left.kernels().gemm(1, left, b.to(gpu), 0, left);
    assertArrayEquals(expected, left.toDoubles(), 1e-4);
    Tensor right = b.to(gpu);
    right.kernels().gemm(1, a.to(gpu), right, 0, right);
    assertArrayEquals(expected, right.toDoubles(), 1e-4);
  }

  @Test
  void linearMayWriteItsOperand() {
    GpuBackend gpu = OnOpenCl.open();
    Tensor x = random(1, 5, 33);
    Tensor w = random(2, 33, 33);
    Tensor bias = random(3, 33);
    double[] expected = x.matmul(w.transpose(0, 1)).plus(bias).toDoubles();
    Tensor y = x.to(gpu);
    y.kernels().linear(y, w.to(gpu), bias.to(gpu), y);
    assertArrayEquals(expected, y.toDoubles(), 1e-4);
  }

  /** No order of axes lets them merge: more than four stay, and many calls, unless packed. */
  @Test
  void takesManyLeadingAxesInAnyOrder() {
    GpuBackend gpu = OnOpenCl.open();
    Tensor a = random(1, 2, 3, 2, 3, 2, 2, 4, 5).permute(4, 0, 3, 1, 5, 2, 6, 7);
    Tensor b = random(2, 2, 3, 2, 3, 2, 2, 5, 3).permute(4, 0, 3, 1, 5, 2, 6, 7);
    Tensor old = random(3, 2, 3, 2, 3, 2, 2, 4, 3).permute(4, 0, 3, 1, 5, 2, 6, 7);
    Tensor expected = old.copy();
    expected.kernels().gemm(0.5, a, b, 2, expected);
    Tensor c = random(3, 2, 3, 2, 3, 2, 2, 4, 3).to(gpu).permute(4, 0, 3, 1, 5, 2, 6, 7);
    c.kernels().gemm(0.5, onto(gpu, a), onto(gpu, b), 2, c);
    assertArrayEquals(expected.toDoubles(), c.toDoubles(), 1e-5);
  }

  /** The same strides on another back end, for tensors made by one permutation. */
  private static Tensor onto(GpuBackend gpu, Tensor permuted) {
    int[] back = {1, 3, 5, 2, 0, 4, 6, 7};
    return permuted.permute(back).to(gpu).permute(4, 0, 3, 1, 5, 2, 6, 7);
  }

  @Test
  void matricesWithOneRightOperandAreOneProduct() {
    GpuBackend gpu = OnOpenCl.open();
    Tensor a = random(1, 4, 6, 7);
    Tensor b = random(2, 7, 5);
    long before = gpu.statistics().launches();
    Tensor c = a.to(gpu).matmul(b.to(gpu));
    assertEquals(1, gpu.statistics().launches() - before);
    assertArrayEquals(a.matmul(b).toDoubles(), c.toDoubles(), 1e-5);
  }

  @Test
  void moreMatricesThanAGridIsHigh() {
    GpuBackend gpu = OnOpenCl.open();
    Tensor a = random(1, 66_000, 1, 2);
    Tensor b = random(2, 66_000, 2, 1);
    double[] expected = a.matmul(b).toDoubles();
    assertArrayEquals(expected, a.to(gpu).matmul(b.to(gpu)).toDoubles(), 1e-6);
  }

  /** A product with 1 gives what entered. */
  private static float entering(GpuBackend gpu, Precision precision, float value) {
    Tensor a = Tensor.of(Shape.of(1, 1), value).to(gpu);
    gpu.setPrecision(precision);
    try {
      return a.matmul(Tensor.of(Shape.of(1, 1), 1f).to(gpu)).toFloats()[0];
    } finally {
      gpu.setPrecision(Precision.F32);
    }
  }

  @Test
  void operandsEnterInThePrecisionSet() {
    GpuBackend gpu = OnOpenCl.open();
    float third = 1 / 3f;
    assertEquals(third, entering(gpu, Precision.F32, third));
    assertEquals(0x1.554p-2f, entering(gpu, Precision.TF32, third));
    assertEquals(0x1.56p-2f, entering(gpu, Precision.BF16, third));
    float[] values = {
      third,
      -third,
      0,
      0x1p-25f,
      0x1.8p-24f,
      -0x1.8p-25f,
      0x1.008p-14f,
      0x1.ffdfp15f,
      0x1.ffep15f,
      -0x1p30f,
      Float.NaN,
      Float.NEGATIVE_INFINITY,
      0x1.002p0f,
      0x1.006p0f,
      Float.MIN_VALUE
    };
    for (float v : values) {
      float half = Float.float16ToFloat(Float.floatToFloat16(v));
      assertEquals(half + 0f, entering(gpu, Precision.F16, v) + 0f, "of " + v);
    }
  }
}
