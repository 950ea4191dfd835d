package dev.bulwark.kernels.opencl;

import static org.jocl.CL.CL_DEVICE_TYPE_ACCELERATOR;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_TYPE_GPU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a device must have, and which comes first. */
class FactsTest {
  private static Facts device(String version, long type, boolean has, long block, long local) {
    return new Facts(
        "Card", "Maker", version, "1.0", type, has, has, has, has, true, false, 8L << 30, local,
        block);
  }

  private static Facts good(long type) {
    return device("OpenCL 1.2 x", type, true, 256, 48 << 10);
  }

  @Test
  void whatIsEnough() {
    assertEquals(List.of(), good(CL_DEVICE_TYPE_GPU).lacks());
    assertEquals(
        List.of(), device("OpenCL 3.0 y", CL_DEVICE_TYPE_GPU, true, 1024, 1 << 20).lacks());
    assertEquals("Card (Maker, driver 1.0, 8.0 GiB)", good(CL_DEVICE_TYPE_GPU).describe());
  }

  @Test
  void everyLackIsNamed() {
    String all =
        device("OpenCL 1.1 z", CL_DEVICE_TYPE_GPU, false, 128, 16 << 10).lacks().toString();
    for (String part :
        List.of(
            "not available",
            "no compiler",
            "big endian",
            "OpenCL 1.1 z",
            "cl_khr_fp64",
            "at most 128 threads, not 256",
            "16,384 bytes, not 49,152")) {
      assertTrue(all.contains(part), all);
    }
    assertEquals(1, device("strange", CL_DEVICE_TYPE_GPU, true, 256, 48 << 10).lacks().size());
  }

  @Test
  void gpusComeFirstAndCpusLast() {
    assertTrue(good(CL_DEVICE_TYPE_GPU).isGpu());
    assertFalse(good(CL_DEVICE_TYPE_ACCELERATOR).isGpu());
    // A simulator that claims to be everything is a CPU.
    assertFalse(good(CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_CPU).isGpu());
    assertTrue(good(CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_CPU).info().isCpu());
    int gpu = good(CL_DEVICE_TYPE_GPU).preference();
    int accelerator = good(CL_DEVICE_TYPE_ACCELERATOR).preference();
    int cpu = good(CL_DEVICE_TYPE_CPU).preference();
    assertTrue(gpu < accelerator && accelerator < cpu);
  }
}
