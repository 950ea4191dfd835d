package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.DeviceStatistics;
import dev.bulwark.tensor.check.KernelContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The back end keeps every promise of {@link dev.bulwark.tensor.backend.Kernels} on the double:
 * whichever way the threads of a block take turns, from both branches of the dialect.
 */
@Tag(CudaDouble.TAG)
class CudaDoubleContractTest {
  private static final long WORKSPACE = 4L << 20;
  private static final long TABLES = 64 << 10; // a few, which attention keeps for the next call

  /**
   * How kernels run.
   *
   * @param schedule 0 forward, 1 reverse, 2 shuffled
   * @param build 0 the portable branch of the dialect, 1 the one that nvcc compiles
   */
  private record Way(String name, int schedule, int build) {}

  @TestFactory
  Stream<DynamicNode> inFloat() {
    CudaDouble cuda = CudaDouble.require();
    return Stream.of(
            new Way("portable, forward", 0, 0),
            new Way("portable, shuffled", 2, 0),
            new Way("as nvcc sees it, reverse", 1, 1),
            new Way("as nvcc sees it, shuffled", 2, 1))
        .map(w -> DynamicContainer.dynamicContainer(w.name(), cases(cuda, w)));
  }

  private static Stream<DynamicTest> cases(CudaDouble cuda, Way way) {
    return KernelContract.cases(DType.F32).stream()
        .map(c ->
            DynamicTest.dynamicTest(
                c.name(),
                () -> {
                  cuda.set("schedule", way.schedule());
                  cuda.set("build", way.build());
                  c.check().accept(new CudaProvider().open());
                }));
  }

  /** Memory of the device is where the pool says; none of it stays with tensors that are gone. */
  @AfterAll
  static void nothingIsLost() throws InterruptedException {
    CudaDouble cuda = CudaDouble.require();
    GpuBackend backend = (GpuBackend) new CudaProvider().open();
    backend.synchronize();
    assertEquals(0, cuda.get("queued"));
    assertEquals(0, cuda.get("misuse"), cuda.message());
    for (int i = 0; i < 100 && backend.statistics().usedBytes() > TABLES; i++) {
      System.gc();
      Thread.sleep(20);
    }
    DeviceStatistics pool = backend.statistics();
    assertTrue(pool.usedBytes() <= TABLES, pool::toString);
    assertEquals(pool.usedBytes() + pool.cachedBytes() + WORKSPACE, cuda.get("live.bytes"));
  }
}
