package dev.bulwark.kernels.gpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.kernels.opencl.OpenClProvider;
import dev.bulwark.tensor.backend.BackendProvider.Availability;

/** An OpenCL device for tests, be it the CPU. */
final class OnOpenCl {
  private OnOpenCl() {}

  /** A fresh back end; without a device the test is skipped. */
  static GpuBackend open() {
    OpenClProvider provider = new OpenClProvider();
    Availability found = provider.probe();
    assumeTrue(found.usable(), found.reason());
    return (GpuBackend) provider.open();
  }
}
