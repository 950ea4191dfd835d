package dev.bulwark.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.DeviceStatistics;
import dev.bulwark.tensor.backend.Reduce;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the contract's small shapes do not reach: chunks, teams of every kind, many axes, lists. */
class ReductionsTest {
  private static final int[] TURNED = {7, 0, 6, 1, 5, 2, 4, 3}; // no two axes merge

  private final GpuBackend gpu = OnOpenCl.open();

  private static Tensor normal(int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, Backends.reference());
    t.kernels().normal(Rng.seed(7), 0, 1, t);
    return t;
  }

  @ParameterizedTest
  @EnumSource
  void chunksOfLongRowsAndColumnsAgreeWithTheReference(Reduce op) {
    check(op, normal(100_003), 0);
    check(op, normal(2, 30_001), 1);
    check(op, normal(70_001, 3), 0);
    check(op, normal(4_099, 40), 0);
    check(op, normal(40, 4_099).transpose(0, 1), 0);
    check(op, normal(33, 129, 20), 0, 1);
    check(op, normal(33, 129, 20), 0, 2);
    check(op, normal(33, 129, 20), 1);
    check(op, normal(3, 3_001, 18), 1);
    check(op, normal(3, 1, 18).expand(Shape.of(3, 3_001, 18)), 1);
    check(op, normal(70_000, 2), 1);
    check(op, normal(300, 300), 1);
  }

  @ParameterizedTest
  @EnumSource
  void axesThatDoNotMergeAgreeWithTheReference(Reduce op) {
    Tensor x = normal(2, 3, 2, 4, 3, 2, 2, 3);
    check(op, x, 0, 2, 4, 6);
    check(op, x, 1, 3, 5, 7);
    check(op, x.permute(TURNED), 0, 1, 2, 3, 4, 5, 6, 7);
    check(op, x.permute(TURNED), 0, 1, 2, 4, 5, 6, 7);
    check(op, x.permute(TURNED), 0, 7);
  }

  private void check(Reduce op, Tensor x, int... axes) {
    float[] expected = x.reduce(op, axes).toFloats();
    float[] actual = x.to(gpu).reduce(op, axes).toFloats();
    int n = x.size() / expected.length;
    assertArrayEquals(
        expected, actual, op == Reduce.SUM ? 1e-6f * n : 0, () -> op + " of " + x.describe());
  }

  @Test
  void aSumHasTheSameBitsEachTime() {
    Tensor x = normal(3, 50_021).to(gpu);
    assertArrayEquals(
        x.reduce(Reduce.SUM, 1).toFloats(), x.reduce(Reduce.SUM, 1).toFloats(), "second sum");
  }

  @Test
  void sumsOfSquaresOfAListTakeOneDownload() {
    Reductions reductions = new Reductions(gpu.work());
    Tensor large = normal(1_500_001);
    Tensor manyAxes = normal(2, 3, 2, 4, 3, 2, 2, 3);
    List<Tensor> host =
        List.of(large, normal(5, 7).transpose(0, 1), normal(0), manyAxes.permute(TURNED));
    List<Tensor> device =
        List.of(
            large.to(gpu),
            normal(5, 7).to(gpu).transpose(0, 1),
            normal(0).to(gpu),
            manyAxes.to(gpu).permute(TURNED));
    DeviceStatistics before = gpu.statistics();
    double[] sums = reductions.sumsOfSquares(device);
    DeviceStatistics moved = gpu.statistics().since(before);
    assertEquals(1, moved.downloads());
    assertEquals(8L * device.size(), moved.downloadedBytes());
    assertEquals(0, moved.uploads());
    for (int i = 0; i < sums.length; i++) {
      double expected = host.get(i).kernels().sumOfSquares(host.get(i));
      assertEquals(expected, sums[i], 1e-10 * expected, "tensor " + i);
    }
  }

  @Test
  void finiteIsAskedOfAListWithOneDownload() {
    Reductions reductions = new Reductions(gpu.work());
    Tensor good = normal(200_000).to(gpu);
    Tensor bad = good.copy();
    bad.kernels().fill(bad.slice(0, 199_998, 199_999), Double.NEGATIVE_INFINITY);
    DeviceStatistics before = gpu.statistics();
    assertTrue(reductions.allFinite(List.of(good, normal(0).to(gpu), good)));
    assertFalse(reductions.allFinite(List.of(good, bad)));
    assertFalse(reductions.allFinite(List.of(bad, good)));
    assertEquals(3, gpu.statistics().since(before).downloads());
  }

  @Test
  void anEmptyListAsksNothing() {
    Reductions reductions = new Reductions(gpu.work());
    DeviceStatistics before = gpu.statistics();
    assertEquals(0, reductions.sumsOfSquares(List.of()).length);
    assertTrue(reductions.allFinite(List.of()));
    assertEquals(before, gpu.statistics());
  }
}
