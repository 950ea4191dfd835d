package dev.bulwark.kernels.opencl;

import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider;

/** Offers OpenCL devices, or says why there is none. */
public final class OpenClProvider implements BackendProvider {
  private static final int GPU = 200;
  private static final int CPU = 5; // our own CPU back end is faster

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public OpenClProvider() {}

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public int rank() {
    return Holder.FOUND.hasGpu() ? GPU : CPU;
  }

  @Override
  public Availability probe() {
    return new Availability(!Holder.FOUND.isEmpty(), Holder.FOUND.describe());
  }

  @Override
  public Backend open() {
    return Holder.FOUND.open(0);
  }

  private static final class Holder {
    static final OpenClDevices FOUND = OpenClDevices.find();
  }
}
