package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.DeviceOutOfMemoryException;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.KernelFailureException;
import dev.bulwark.tensor.Scope;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand calls of the driver fail, one after another, wherever that strikes a small training
 * step or the opening of the device. Each time the step ends in a clear exception or is right to
 * the bit, and nothing leaks.
 */
@Tag(CudaDouble.TAG)
class CudaDoubleStormTest {
  private static final int FAULTS = 10_000;
  private static final int LONGEST = 90; // calls of one step, about
  private static final int[] REFUSALS = {1, 2, 200, 400, 701};
  private static final int[] LOSSES = {214, 700, 719, 999};
  private static final String[] LIVE = {
    "pinned", "streams", "events", "modules", "contexts", "blas"
  };

  private final SplittableRandom random = new SplittableRandom(7);
  private final CudaDouble cuda = CudaDouble.require();
  private @Nullable GpuBackend backend;
  private float[] right = {};
  private int lost;
  private int refused;
  private int mended;

  @Test
  void everyFaultEndsWell() {
    cuda.reset();
    right = step();
    int faults = 0;
    while (faults < FAULTS) {
      boolean fatal = random.nextInt(10) == 0;
      int[] codes = fatal ? LOSSES : REFUSALS;
      long before = cuda.get("count.injected");
      cuda.set("fail.sticky", fatal ? 1 : 0);
      cuda.set("fail.code", codes[random.nextInt(codes.length)]);
      cuda.set("fail.any", 1 + random.nextInt(LONGEST));
      struck();
      boolean fired = cuda.get("count.injected") > before;
      faults += fired ? 1 : 0;
      cuda.set("fail.any", 0);
      if (cuda.get("lost") != 0) {
        lost++;
        assertLost();
        cuda.reset();
        backend = null;
      } else if (random.nextInt(100) == 0) {
        assertArrayEquals(right, step(), "after " + faults + " faults");
        closeCleanly();
      }
    }
    assertTrue(
        lost > FAULTS / 50 && refused > FAULTS / 2 && mended > 0,
        lost + " " + refused + " " + mended);
    assertArrayEquals(right, step());
    closeCleanly();
  }

  /** A step during which a call fails. */
  private void struck() {
    try {
      assertArrayEquals(right, step());
      mended++;
    } catch (KernelFailureException | DeviceOutOfMemoryException e) {
      refused++;
      assertTrue(String.valueOf(e.getMessage()).startsWith("cuda:0"), e::toString);
    } catch (IllegalStateException e) {
      refused++;
      assertTrue(String.valueOf(e.getMessage()).contains("does not open"), e::toString);
    }
  }

  private float[] step() {
    GpuBackend device = backend;
    if (device == null) {
      device = (GpuBackend) CudaDevices.find().open(0);
      backend = device;
    }
    GpuBackend on = device;
    return Scope.call("step", () -> TinyStep.run(on));
  }

  private void assertLost() {
    GpuBackend device = backend;
    if (device != null) {
      String message = CudaDouble.failure(KernelFailureException.class, device::synchronize);
      assertTrue(message.contains("is lost"), message);
    }
  }

  private void closeCleanly() {
    GpuBackend device = backend;
    if (device == null) {
      return;
    }
    assertEquals(0, device.statistics().usedBytes(), "memory in use after the last step");
    ((CudaDevice) device.device()).close();
    assertEquals(device.statistics().cachedBytes(), cuda.get("live.bytes"));
    for (String kind : LIVE) {
      assertEquals(0, cuda.get("live." + kind), kind);
    }
    assertEquals(0, cuda.get("misuse"), cuda.message());
    cuda.reset();
    backend = null;
  }
}
