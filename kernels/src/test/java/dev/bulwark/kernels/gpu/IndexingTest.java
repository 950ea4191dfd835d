package dev.bulwark.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import dev.bulwark.tensor.backend.Backends;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More indices than a block has threads, the order of sums, bad indices, operands that share. */
class IndexingTest {
  private final GpuBackend gpu = OnOpenCl.open();

  private static Tensor normal(int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, Backends.reference());
    t.kernels().normal(Rng.seed(7), 0, 1, t);
    return t;
  }

  private static Tensor ints(int... values) {
    return Tensor.of(Shape.of(values.length), values);
  }

  /** Sums of floats in the order of k have one result: its bits. */
  @ParameterizedTest
  @CsvSource({"3000, 1, 5", "3000, 3, 300", "1000, 600, 260", "257, 2, 513", "70000, 2, 1"})
  void rowsAreAddedInTheOrderOfTheirIds(int count, int rows, int width) {
    int[] ids = IntStream.range(0, count).map(k -> (int) (k * 2_654_435_761L % rows)).toArray();
    float[] dy = normal(count, width).toFloats();
    float[] expected = normal(rows, width).toFloats();
    Tensor table = normal(rows, width).to(gpu);
    table
        .kernels()
        .scatterAddRows(Tensor.of(Shape.of(count, width), dy).to(gpu), ints(ids).to(gpu), table);
    for (int k = 0; k < count; k++) {
      for (int j = 0; j < width; j++) {
        expected[ids[k] * width + j] += dy[k * width + j];
      }
    }
    assertArrayEquals(expected, table.toFloats(), 0);
  }

  @Test
  void anIndexOutOfRangeReadsNanAndAddsNothing() {
    Tensor table = normal(4, 3).to(gpu);
    Tensor ids = ints(1, 4, -1, 2).to(gpu);
    float[] all = table.toFloats();
    float[] y = Tensor.zeros(Shape.of(4, 3), DType.F32).toFloats();
    Tensor rows = Tensor.empty(Shape.of(4, 3), DType.F32, gpu);
    rows.kernels().gatherRows(table, ids, rows);
    System.arraycopy(all, 3, y, 0, 3);
    Arrays.fill(y, 3, 9, Float.NaN);
    System.arraycopy(all, 6, y, 9, 3);
    assertArrayEquals(y, rows.toFloats());

    Tensor ones = Tensor.full(Shape.of(4, 3), DType.F32, 1).to(gpu);
    ones.kernels().scatterAddRows(ones, ids, table);
    for (int i = 3; i < 9; i++) {
      all[i] += 1;
    }
    assertArrayEquals(all, table.toFloats());
  }

  @Test
  void aResultMayBeTheOperand() {
    Tensor x = normal(30, 40);
    Tensor index = ints(IntStream.range(0, 1200).map(i -> i * 7 % 40).toArray()).reshape(30, 40);
    float[] expected = Tensors.gather(x, 1, index).toFloats();
    Tensor device = x.to(gpu);
    device.kernels().gather(device, 1, index.to(gpu), device);
    assertArrayEquals(expected, device.toFloats());

    Tensor sum = x.copy();
    sum.kernels().scatterAdd(x, 1, index, sum);
    Tensor twice = x.to(gpu);
    twice.kernels().scatterAdd(twice, 1, index.to(gpu), twice);
    assertArrayEquals(sum.toFloats(), twice.toFloats(), 1e-6f);
  }

  @Test
  void anIndexMayCoverAPartOfTheOtherAxes() {
    Tensor x = normal(6, 50, 7);
    int[] picks = IntStream.range(0, 4 * 90 * 3).map(i -> i * 31 % 50).toArray();
    Tensor index = ints(picks).reshape(4, 90, 3);
    Tensor picked = Tensors.gather(x, 1, index);
    assertArrayEquals(picked.toFloats(), Tensors.gather(x.to(gpu), 1, index.to(gpu)).toFloats());

    Tensor sum = x.copy();
    sum.kernels().scatterAdd(picked, 1, index, sum);
    Tensor device = x.to(gpu);
    device.kernels().scatterAdd(picked.to(gpu), 1, index.to(gpu), device);
    assertArrayEquals(sum.toFloats(), device.toFloats(), 1e-5f);
  }

  @Test
  void gatherMovesIntegersToo() {
    Tensor x = ints(5, 6, 7).to(gpu);
    int[] y = Tensors.gather(x, 0, ints(2, 0, 2, 1).to(gpu)).toInts();
    assertEquals("[7, 5, 7, 6]", Arrays.toString(y));
  }
}
