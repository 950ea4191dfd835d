package dev.bulwark.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Reduce;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Device memory: what a full device does, what calls leave behind, what is remembered of uploads.
 */
class DeviceMemoryTest {
  private static final long MIB = 1L << 20;

  private final FakeDevice device = new FakeDevice("fake:0", 1L << 33);
  private final GpuBackend gpu = new GpuBackend(device);

  private static Tensor floats(GpuBackend backend, int... dims) {
    return Tensor.empty(Shape.of(dims), DType.F32, backend);
  }

  private Tensor uploaded(int... values) {
    return Tensor.of(Shape.of(values.length), values).to(gpu);
  }

  @Test
  void withoutScopesTheCollectorIsAskedBeforeMemoryRunsOut() {
    FakeDevice small = new FakeDevice("fake:0", 8 * MIB);
    GpuBackend backend = new GpuBackend(small);
    for (int i = 0; i < 200; i++) {
      floats(backend, 1 << 18, i % 2 + 1); // 1 or 2 MiB, which nobody keeps
    }
    assertTrue(small.used() <= 8 * MIB);
  }

  @Test
  void aDeviceThatIsReallyFullSaysSoAndGoesOn() {
    GpuBackend backend = new GpuBackend(new FakeDevice("fake:0", 8 * MIB));
    List<Tensor> kept = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      kept.add(floats(backend, 1 << 18));
    }
    DeviceOutOfMemoryException e =
        assertThrows(DeviceOutOfMemoryException.class, () -> floats(backend, 1 << 18));
    assertTrue(String.valueOf(e.getMessage()).contains("8,388,608 in use"), e.getMessage());
    assertEquals(8 * MIB, backend.statistics().usedBytes());
    kept.removeFirst().buffer().release("test");
    assertEquals(1 << 18, floats(backend, 1 << 18).size());
  }

  @Test
  void whatIsCachedGoesBackForAnotherSize() {
    FakeDevice small = new FakeDevice("fake:0", 8 * MIB);
    GpuBackend backend = new GpuBackend(small);
    for (int i = 0; i < 8; i++) {
      floats(backend, 1 << 18).buffer().release("test"); // one block, used again and again
    }
    assertEquals(MIB, small.used());
    floats(backend, 1 << 21).buffer().release("test");
    assertEquals(8 * MIB, small.used());
  }

  @Test
  void whatIsCachedGoesBackForALaunch() {
    FakeDevice small = new FakeDevice("fake:0", 2 * MIB);
    GpuBackend backend = new GpuBackend(small);
    Tensor x = floats(backend, 1 << 18);
    floats(backend, 1 << 18).buffer().release("test");
    small.needRoom();
    x.kernels().fill(x, 1);
    assertEquals(MIB, small.used());
  }

  @Test
  void tensorsThatKernelsCannotCountThroughAreRefused() {
    assertThrows(
        UnsupportedOperationException.class,
        () -> gpu.allocate(DType.U8, GpuBackend.MOST_ELEMENTS + 1));
    gpu.allocate(DType.U8, GpuBackend.MOST_ELEMENTS).release("test");
  }

  @Test
  void scratchMemoryDoesNotOutliveItsCall() {
    Scope.run(
        "test",
        () -> {
          Tensor x = floats(gpu, 2, 2, 2, 2, 2, 2, 2, 64);
          Tensor turned = x.permute(7, 0, 6, 1, 5, 2, 4, 3);
          Tensor sum = floats(gpu, 1, 1, 1, 1, 1, 1, 1, 1);
          Tensor table = floats(gpu, 500, 8);
          Tensor ids = Tensor.empty(Shape.of(500), DType.I32, gpu);
          Tensor index = Tensor.empty(Shape.of(500, 8), DType.I32, gpu);
          long before = gpu.statistics().usedBytes();
          x.kernels().reduce(Reduce.SUM, turned, sum);
          x.kernels().sort(table, false, table, index);
          x.kernels().gather(table, 0, index, table);
          x.kernels().scatterAdd(table, 0, index, table);
          x.kernels().scatterAddRows(table, ids, table);
          Tensor ones = Tensor.full(Shape.of(8, 500), DType.F32, 1);
          x.kernels().copy(ones, table.transpose(0, 1));
          assertEquals(before, gpu.statistics().usedBytes());
        });
  }

  @Test
  void aSortOfManyRowsTakesTheSameMemoryForAll() {
    Tensor x = floats(gpu, 400, 1 << 17);
    Tensor values = floats(gpu, 400, 1 << 17);
    Tensor indices = Tensor.empty(x.shape(), DType.I32, gpu);
    long before = gpu.statistics().usedBytes();
    Scope.run("test", () -> x.kernels().sort(x, false, values, indices));
    assertTrue(gpu.statistics().peakBytes() <= before + 128 * MIB, "keys of 2^24 elements");
    assertEquals(before, gpu.statistics().usedBytes());
  }

  @Test
  void anUploadIsRememberedUntilSomethingElseIsWritten() {
    Tensor ids = uploaded(1, 2, 3);
    assertArrayEquals(new int[] {2, 3}, ids.slice(0, 1, 3).toInts());
    assertEquals(0, gpu.statistics().downloads(), "looked at on the host");
    ids.kernels().fill(ids.slice(0, 0, 1), 7); // a kernel, by way of a view
    ids.toInts();
    assertEquals(1, gpu.statistics().downloads());
  }

  @Test
  void anUploadToAPartIsNotTakenForTheWhole() {
    Tensor ids = uploaded(1, 2, 3);
    ids.kernels().copy(Tensor.of(Shape.of(2), new int[] {8, 9}), ids.slice(0, 1, 3));
    assertArrayEquals(new int[] {1, 8, 9}, ids.toInts());
    assertEquals(1, gpu.statistics().downloads());
  }

  @Test
  void anUploadThatBreaksOffIsNotRemembered() {
    Tensor ids = uploaded(1, 2, 3, 4);
    device.breakCopies();
    assertThrows(
        KernelFailureException.class,
        () -> ids.kernels().copy(Tensor.of(Shape.of(4), new int[] {5, 6, 7, 8}), ids));
    assertArrayEquals(new int[] {5, 6, 3, 4}, ids.toInts());
  }

  @Test
  void tensorsMoveFromDeviceToDevice() {
    GpuBackend other = new GpuBackend(new FakeDevice("fake:1", MIB));
    Tensor x = uploaded(1, 2, 3).to(other);
    assertArrayEquals(new int[] {1, 2, 3}, x.toInts());
    assertEquals("fake:1", x.backend().name());
  }
}
