package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.DeviceOutOfMemoryException;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.KernelFailureException;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the driver refuses, and wherever the device breaks: a clear exception, never a crash.
 */
@Tag(CudaDouble.TAG)
class CudaDoubleFaultTest {
  static {
    System.setProperty("bulwark.gpu.poison", "false"); // its launches would meet the faults first
  }

  private static final float[] THREE = {1f, 2f, 3f};

  private CudaDouble cuda;
  private GpuBackend backend;

  @BeforeEach
  void open() {
    cuda = CudaDouble.require();
    cuda.reset();
    backend = (GpuBackend) CudaDevices.find().open(0);
  }

  private Tensor upload() {
    return Backends.with(backend, () -> Tensor.of(Shape.of(3), THREE));
  }

  /** Uploads, computes, downloads. */
  private float[] roundTrip() {
    return upload().affine(2, 1).toFloats();
  }

  private void assertStillWorks() {
    assertArrayEquals(new float[] {3f, 5f, 7f}, roundTrip());
  }

  private void assertLost() {
    String message = CudaDouble.failure(KernelFailureException.class, this::roundTrip);
    assertTrue(message.contains("is lost since an earlier failure"), message);
    assertThrows(KernelFailureException.class, backend::synchronize);
  }

  @Test
  void failingAllocationIsTriedAgain() {
    cuda.set("fail.allocate", 1);
    assertStillWorks();
    assertEquals(0, cuda.get("fail.allocate"));
  }

  @Test
  void fullDevice() {
    cuda.set("memory", 64L << 20);
    String message =
        Scope.call(
            "too much",
            () ->
                CudaDouble.failure(
                    DeviceOutOfMemoryException.class,
                    () -> Tensor.empty(Shape.of(32 << 20), DType.F32, backend)));
    assertTrue(message.contains("134,217,728 bytes"), message);
    assertTrue(message.contains("use a smaller batch"), message);
    assertStillWorks();
  }

  @ParameterizedTest
  @ValueSource(ints = {701, 1, 400})
  void refusedLaunch(int code) {
    cuda.set("fail.launch", 1);
    cuda.set("fail.code", code);
    String message = CudaDouble.failure(KernelFailureException.class, this::roundTrip);
    assertTrue(message.contains("(" + code + ")") && message.contains("bk_affine"), message);
    assertStillWorks();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 209, 218, 222})
  void refusedModule(int code) {
    cuda.set("fail.module", 1);
    cuda.set("fail.code", code);
    String message = CudaDouble.failure(KernelFailureException.class, this::roundTrip);
    assertTrue(message.contains("update NVIDIA's driver"), message);
    assertStillWorks();
  }

  @Test
  void driverTooOldForTheKernels() {
    cuda.set("isa", 65);
    String message = CudaDouble.failure(KernelFailureException.class, this::roundTrip);
    assertTrue(message.contains("(222)"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fail.copy", "fail.synchronise", "fail.launch", "fail.module"})
  void brokenCallLosesTheDevice(String call) {
    cuda.set(call, 1);
    cuda.set("fail.code", 719);
    cuda.set("fail.sticky", 1);
    String message = CudaDouble.failure(KernelFailureException.class, this::roundTrip);
    assertTrue(message.contains("(719)") && message.contains("is lost to this process"), message);
    assertLost();
  }

  @Test
  void kernelThatBreaksLater() {
    Tensor x = upload();
    backend.synchronize();
    Tensor y = x.affine(2, 1);
    cuda.set("fail.execute", 1);
    String message = CudaDouble.failure(KernelFailureException.class, y::toFloats);
    assertTrue(message.contains("bk_affine") && message.contains("bulwark.gpu.debug"), message);
    assertLost();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 201, 214, 700, 709, 719, 999})
  void lostDevice(int code) {
    upload();
    cuda.lose(code);
    String message = CudaDouble.failure(KernelFailureException.class, this::roundTrip);
    assertTrue(message.contains("(" + code + ")"), message);
    assertLost();
    cuda.reset();
    backend = (GpuBackend) CudaDevices.find().open(0);
    assertStillWorks();
  }

  @Test
  void closedDeviceLeavesNothing() {
    Scope.run("work", this::roundTrip);
    long pool = backend.statistics().cachedBytes();
    ((CudaDevice) backend.device()).close();
    assertEquals(pool, cuda.get("live.bytes"));
    for (String kind :
        new String[] {"pinned", "streams", "events", "modules", "contexts", "blas"}) {
      assertEquals(0, cuda.get("live." + kind), kind);
    }
    assertEquals(0, cuda.get("misuse"), cuda.message());
  }

  @Test
  void uploadsOfAllSizesAndThreads() throws Exception {
    float[] large = new float[(20 << 20) / 4 + 3]; // over both halves of the staging memory
    for (int i = 0; i < large.length; i++) {
      large[i] = i;
    }
    Tensor x = Backends.with(backend, () -> Tensor.of(Shape.of(large.length), large));
    List<Callable<float[]>> rounds = Collections.nCopies(16, this::roundTrip);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<float[]> f : threads.invokeAll(rounds)) {
        assertArrayEquals(new float[] {3f, 5f, 7f}, f.get());
      }
    }
    assertArrayEquals(large, x.toFloats());
    assertEquals(0, cuda.get("misuse"), cuda.message());
  }
}
