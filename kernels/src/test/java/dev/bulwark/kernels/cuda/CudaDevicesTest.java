package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What a user reads about devices that can and cannot be used. */
class CudaDevicesTest {
  private final FakeCuda cuda = new FakeCuda();

  private CudaDevices find() {
    return CudaDevices.find(cuda, (stream, workspace, bytes) -> new NoCublas(), 12_000);
  }

  private record NoCublas() implements Cublas {
    @Override
    public void gemm(GemmCall call) {}

    @Override
    public void close() {}
  }

  @Test
  void describesEachDevice() {
    cuda.devices = 2;
    CudaDevices found = find();
    assertTrue(found.usable());
    assertEquals(
        "0: Fake 0, compute capability 8.0, 8.0 GiB, driver for CUDA 12.6; 1: Fake 1, compute"
            + " capability 6.1, 8.0 GiB, driver for CUDA 12.6: not usable, compute capability 6.1"
            + " is below 7.5 (Turing)",
        found.describe());
    var refused = assertThrows(IllegalStateException.class, () -> found.open(1));
    assertTrue(String.valueOf(refused.getMessage()).contains("below 7.5"), refused::getMessage);
    assertThrows(IllegalStateException.class, () -> found.open(2));
    assertThrows(IllegalStateException.class, () -> found.open(-1));
  }

  @Test
  void opensADeviceOnce() {
    CudaDevices found = find();
    Backend backend = found.open();
    assertEquals("cuda:0", backend.name());
    assertSame(backend, found.open(0));
  }

  @Test
  void anOldDriverIsNamed() {
    cuda.version = 11_080;
    CudaDevices found = find();
    assertFalse(found.usable());
    assertTrue(
        found
            .describe()
            .endsWith(
                "knows CUDA 11.8 at most, and the cuBLAS that was found needs 12.0; update it"),
        found::describe);
  }

  @Test
  void noGpuIsSaid() {
    cuda.failures.put("init", 100);
    CudaDevices found = find();
    assertFalse(found.usable());
    assertTrue(found.describe().contains("offers no GPU"), found::describe);
    cuda.failures.clear();
    cuda.devices = 0;
    assertTrue(find().describe().contains("CUDA_VISIBLE_DEVICES"));
    assertThrows(IllegalStateException.class, () -> find().open());
  }

  @Test
  void aDeviceThatDoesNotOpenMayOpenLater() {
    CudaDevices found = find();
    cuda.failures.put("allocatePinned", 2);
    assertThrows(IllegalStateException.class, found::open);
    cuda.failures.clear();
    assertNotNull(found.open());
  }

  @Test
  void theProviderIsFoundAndAlwaysAnswers() {
    BackendProvider provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.name().equals("cuda"))
            .findFirst()
            .orElseThrow();
    BackendProvider.Availability found = provider.probe();
    assertFalse(found.reason().isBlank());
    assertEquals(300, provider.rank());
    if (!found.usable()) {
      var refused = assertThrows(IllegalStateException.class, provider::open);
      assertTrue(
          String.valueOf(refused.getMessage()).contains(found.reason()), refused::getMessage);
    }
  }
}
