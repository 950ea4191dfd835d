package dev.bulwark.kernels.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.Program;

/** Fresh connections to the first device, for tests that break it or count on it. */
final class OpenCl {
  private OpenCl() {}

  /** The devices; ends the test with a reason where there is none. */
  static OpenClDevices devices() {
    OpenClDevices found = OpenClProvider.found();
    assumeTrue(!found.isEmpty(), found.describe());
    return found;
  }

  static OpenClDevice device() {
    return devices().connect(0, new BinaryCache(null), Program::source);
  }

  static GpuBackend backend() {
    return new GpuBackend(device());
  }
}
