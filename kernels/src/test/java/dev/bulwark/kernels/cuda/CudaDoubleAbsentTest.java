package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.backend.BackendProvider.Availability;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Machines on which CUDA is of no use: the reason is told, nothing is thrown. */
@Tag(CudaDouble.TAG)
class CudaDoubleAbsentTest {
  private CudaDouble cuda;

  @BeforeEach
  void load() {
    cuda = CudaDouble.require();
    cuda.reset();
  }

  private static void refused(String reason) {
    CudaDevices found = CudaDevices.find();
    assertFalse(found.usable());
    assertTrue(found.describe().contains(reason), found.describe());
    String message = CudaDouble.failure(IllegalStateException.class, found::open);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void driverWithoutDevice() {
    cuda.set("devices", 0);
    refused("offers no GPU");
    Availability found = new CudaProvider().probe();
    assertFalse(found.usable());
    assertTrue(found.reason().contains("offers no GPU"), found.reason());
  }

  @Test
  void oldDevice() {
    cuda.set("capability", 70);
    refused("compute capability 7.0 is below 7.5");
  }

  @Test
  void oldDriver() {
    cuda.set("driver", 10_020);
    refused("the driver knows CUDA 10.2 at most");
  }

  @Test
  void noDeviceOfThatNumber() {
    CudaDevices found = CudaDevices.find();
    String message = CudaDouble.failure(IllegalStateException.class, () -> found.open(1));
    assertTrue(message.contains("no CUDA device 1"), message);
  }

  @Test
  void secondDevice() {
    cuda.set("devices", 2);
    assertEquals("cuda:1", CudaDevices.find().open(1).name());
  }

  @Test
  void deviceThatDoesNotOpen() {
    for (String call : new String[] {"fail.create", "fail.allocate"}) {
      cuda.reset();
      CudaDevices found = CudaDevices.find();
      cuda.set(call, 1);
      String message = CudaDouble.failure(IllegalStateException.class, found::open);
      assertTrue(message.contains("does not open"), message);
      assertEquals("cuda:0", found.open().name(), "opens once the reason is gone");
    }
  }
}
