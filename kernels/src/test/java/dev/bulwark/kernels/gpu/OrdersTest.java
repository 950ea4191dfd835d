package dev.bulwark.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import dev.bulwark.tensor.backend.Backends;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of more elements than a block has threads, or a tile has keys. */
class OrdersTest {
  private final GpuBackend gpu = OnOpenCl.open();

  /** Many equals, NaN, infinities and both zeros. */
  private static Tensor mixed(int... dims) {
    float[] special = {Float.NaN, 0, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    Shape shape = Shape.of(dims);
    Tensor t = Tensor.empty(shape, DType.F32, Backends.reference());
    t.kernels().normal(Rng.seed(3), 0, 20, t);
    float[] values = t.heap().floats();
    for (int i = 0; i < shape.size(); i++) {
      values[i] = i % 5 == 0 ? special[i / 5 % special.length] : Math.round(values[i]);
    }
    return t;
  }

  @ParameterizedTest
  @CsvSource({"1, 2048", "3, 2049", "2, 9000", "1, 20000", "700, 5", "130, 33", "5000, 1"})
  void longAndManyRowsAreSortedStably(int rows, int n) {
    Tensor host = mixed(rows, n);
    Tensor device = host.to(gpu);
    for (boolean descending : new boolean[] {false, true}) {
      Tensors.Ordered expected = Tensors.sort(host, descending);
      Tensors.Ordered actual = Tensors.sort(device, descending);
      assertArrayEquals(expected.indices().toInts(), actual.indices().toInts());
      assertArrayEquals(bits(expected.values()), bits(actual.values()));
    }
  }

  @Test
  void longRowsAreSortedInPlaceThroughStrides() {
    Tensor host = mixed(3, 2, 3000);
    Tensor device = host.permute(2, 0, 1).copy().to(gpu).permute(1, 2, 0);
    Tensor indices = Tensor.empty(device.shape(), DType.I32, gpu);
    device.kernels().sort(device, true, device, indices);
    Tensors.Ordered expected = Tensors.sort(host, true);
    assertArrayEquals(expected.indices().toInts(), indices.toInts());
    assertArrayEquals(bits(expected.values()), bits(device));
  }

  private static int[] bits(Tensor t) {
    float[] values = t.toFloats();
    return IntStream.range(0, values.length).map(i -> Float.floatToIntBits(values[i])).toArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 5000", "7, 1025", "3000, 2", "300, 40"})
  void theFirstOfTheLargestIsFoundInLongAndManyRows(int rows, int n) {
    Tensor host = mixed(rows, n);
    Tensor numbers = host.copy();
    Tensor zeros = Tensor.zeros(host.shape(), DType.F32).to(host.backend());
    numbers.kernels().select(Tensors.isFinite(host), host, zeros, numbers);
    for (Tensor x : new Tensor[] {host, numbers}) {
      int[] expected = Tensors.argMax(x).toInts();
      assertArrayEquals(expected, Tensors.argMax(x.to(gpu)).toInts());
      Tensor turned = x.transpose(0, 1).copy().to(gpu).transpose(0, 1);
      assertArrayEquals(expected, Tensors.argMax(turned).toInts());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void runningSumsOfLongAxesAgreeWithTheReference(int axis) {
    int[] dims = {5, 4, 20};
    dims[axis] = 1500;
    Tensor host = Tensor.empty(Shape.of(dims), DType.F32, Backends.reference());
    host.kernels().normal(Rng.seed(9), 0, 1, host);
    float[] expected = Tensors.cumulativeSum(host, axis).toFloats();
    Tensor device = host.to(gpu);
    assertArrayEquals(expected, Tensors.cumulativeSum(device, axis).toFloats(), 1e-3f);
    device.kernels().cumulativeSum(device, axis, device);
    assertArrayEquals(expected, device.toFloats(), 1e-3f);
  }
}
