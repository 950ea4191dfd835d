package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.DeviceOutOfMemoryException;
import dev.bulwark.kernels.gpu.Grid;
import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.KernelFailureException;
import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Product;
import dev.bulwark.kernels.gpu.Program;
import dev.bulwark.tensor.backend.Precision;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Order of calls, and what becomes of errors. */
class CudaDeviceTest {
  private static final int ILLEGAL_ADDRESS = 700;
  private static final Kernel FILL = Program.COPIES.kernel("bk_fill32");

  private final FakeCuda cuda = new FakeCuda();
  private final List<GemmCall> products = new ArrayList<>();
  private int cublasStatus;
  private final CudaDevice device = open();

  private CudaDevice open() {
    return new CudaDevice(
        0, new DeviceInfo("Fake", "12.6", false, 1L << 30, 1024), cuda, this::start);
  }

  private Cublas start(long stream, long workspace, long bytes) {
    return new Cublas() {
      @Override
      public void gemm(GemmCall call) {
        if (cublasStatus != 0) {
          throw CudaError.ofCublas("cublasGemmEx", cublasStatus);
        }
        products.add(call);
      }

      @Override
      public void close() {}
    };
  }

  private void fill(Memory memory) {
    device.launch(
        FILL, Grid.over(1), new Object[] {memory, new int[5], new int[] {1, 1, 1, 1}, 1, 0L});
  }

  @Test
  void bytesComeBackWhateverTheirNumber() {
    for (int size : new int[] {1, 63, 8 << 20, (8 << 20) + 1, (25 << 20) + 7}) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      Memory memory = device.allocate(size + 5);
      device.write(MemorySegment.ofArray(bytes), memory, 5);
      byte[] back = new byte[size];
      device.read(memory, 5, MemorySegment.ofArray(back));
      assertArrayEquals(bytes, back);
      device.free(memory);
    }
  }

  @Test
  void uploadsWaitForQueuedWorkAndQueuedWorkForUploads() {
    Memory memory = device.allocate(8);
    fill(memory); // loads the module
    cuda.calls.clear();
    fill(memory);
    device.write(MemorySegment.ofArray(new byte[8]), memory, 0);
    List<String> names = cuda.calls.stream().map(c -> c.substring(0, c.indexOf('['))).toList();
    assertEquals(
        List.of(
            "launch", "recordEvent", "waitForEvent", "copyToDevice", "recordEvent", "waitForEvent"),
        names);
    String compute = last(cuda.calls.get(1));
    String copy = last(cuda.calls.get(3));
    assertFalse(compute.equals(copy), "two streams");
    assertEquals("waitForEvent[" + copy + ", " + first(cuda.calls.get(1)) + "]", cuda.calls.get(2));
    assertEquals(copy, last(cuda.calls.get(4)));
    assertEquals(
        "waitForEvent[" + compute + ", " + first(cuda.calls.get(4)) + "]", cuda.calls.get(5));
  }

  private static String first(String call) {
    return call.substring(call.indexOf('[') + 1, call.indexOf(','));
  }

  private static String last(String call) {
    return call.substring(call.lastIndexOf(' ') + 1, call.length() - 1);
  }

  @Test
  void manySmallUploadsWaitForNothing() {
    Memory memory = device.allocate(64);
    cuda.calls.clear();
    for (int i = 0; i < 1000; i++) {
      device.write(MemorySegment.ofArray(new byte[64]), memory, 0);
    }
    assertTrue(cuda.calls.stream().noneMatch(c -> c.startsWith("synchronize")));
  }

  @Test
  void memoryIsFreedAfterQueuedWork() {
    Memory memory = device.allocate(8);
    cuda.calls.clear();
    device.free(memory);
    assertTrue(cuda.calls.get(0).startsWith("synchronizeStream"));
    assertTrue(cuda.calls.get(1).startsWith("free"));
  }

  @Test
  void aKernelGetsItsArgumentsAndItsModuleIsLoadedOnce() {
    CudaMemory memory = (CudaMemory) device.allocate(8);
    fill(memory);
    fill(memory);
    List<String> launches = cuda.calls.stream().filter(c -> c.startsWith("launch")).toList();
    assertEquals(2, launches.size());
    assertEquals(Long.toString(memory.address()), last(launches.get(0)));
    assertEquals(
        List.of("loadModule[0]", "function[bk_fill32]"), // a zero ends the text
        cuda.calls.stream()
            .filter(c -> c.startsWith("loadModule") || c.startsWith("function"))
            .toList());
  }

  @Test
  void aFailureIsNamedAndLosesTheDevice() {
    Memory memory = device.allocate(8);
    fill(memory);
    cuda.failures.put("synchronizeStream", ILLEGAL_ADDRESS);
    var failure = assertThrows(KernelFailureException.class, device::synchronize);
    String text = String.valueOf(failure.getMessage());
    for (String part :
        new String[] {"cuda:0", "700", "bk_fill32", "-Dbulwark.gpu.debug=true", "lost"}) {
      assertTrue(text.contains(part), text);
    }
    cuda.failures.clear();
    cuda.calls.clear();
    byte[] one = new byte[1];
    for (Runnable later :
        new Runnable[] {
          device::synchronize,
          () -> device.allocate(8),
          () -> device.free(memory),
          () -> fill(memory),
          () -> device.write(MemorySegment.ofArray(one), memory, 0),
          () -> device.read(memory, 0, MemorySegment.ofArray(one))
        }) {
      var lost = assertThrows(KernelFailureException.class, later::run);
      assertTrue(String.valueOf(lost.getMessage()).contains("lost since"), lost::getMessage);
    }
    assertEquals(List.of(), cuda.calls);
  }

  @Test
  void shortMemoryLosesNothing() {
    cuda.failures.put("allocate", 2);
    assertThrows(DeviceOutOfMemoryException.class, () -> device.allocate(8));
    cuda.failures.clear();
    device.allocate(8);
  }

  @Test
  void aRefusedCallLosesNothing() {
    Memory memory = device.allocate(8);
    cuda.failures.put("launch", 701);
    var refused = assertThrows(KernelFailureException.class, () -> fill(memory));
    assertTrue(String.valueOf(refused.getMessage()).contains("shared memory"), refused::getMessage);
    cuda.failures.clear();
    fill(memory);
  }

  @Test
  void anUploadThatBreaksOffIsWaitedFor() {
    Memory memory = device.allocate(8);
    cuda.failures.put("waitForEvent", 1);
    cuda.calls.clear();
    assertThrows(
        KernelFailureException.class,
        () -> device.write(MemorySegment.ofArray(new byte[8]), memory, 0));
    assertTrue(cuda.calls.getLast().startsWith("synchronizeStream"));
    cuda.failures.clear();
    device.write(MemorySegment.ofArray(new byte[8]), memory, 0);
  }

  @Test
  void aFailedProductShowsTheFailureBehindIt() {
    Memory memory = device.allocate(64);
    Product.Matrix x = new Product.Matrix(memory, 0, 2, 1, 0);
    Product product = new Product(2, 2, 2, 1, 1, x, x, 0, x, Precision.F32);
    assertTrue(device.product(product));
    assertEquals(1, products.size());
    cublasStatus = 13;
    var only = assertThrows(KernelFailureException.class, () -> device.product(product));
    assertTrue(String.valueOf(only.getMessage()).contains("cublasGemmEx"), only::getMessage);
    cuda.failures.put("synchronizeStream", ILLEGAL_ADDRESS);
    var behind = assertThrows(KernelFailureException.class, () -> device.product(product));
    assertTrue(String.valueOf(behind.getMessage()).contains("700"), behind::getMessage);
  }

  @Test
  void everythingIsGivenBack() {
    fill(device.allocate(8));
    int allocated = 1;
    device.close();
    assertEquals(allocated, cuda.live.size(), "the memory only");
  }

  @Test
  void whatCannotOpenTakesNothing() {
    device.close();
    for (String call :
        new String[] {"retain", "createStream", "createEvent", "allocatePinned", "allocate"}) {
      cuda.failures.put(call, 2);
      var error = assertThrows(CudaError.class, this::open);
      assertSame(CudaError.Kind.MEMORY, error.kind());
      assertEquals(0, cuda.live.size(), call);
      cuda.failures.clear();
    }
  }
}
