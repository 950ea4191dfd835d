package dev.bulwark.kernels.opencl;

import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider;
import java.util.List;

/** Offers OpenCL devices, or says why there is none. */
public final class OpenClProvider implements BackendProvider {
  private static final int GPU = 200;
  private static final int ONLY_WHEN_ASKED = -1; // on the CPU our own back end is faster

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public OpenClProvider() {}

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public int rank() {
    return found().hasGpu() ? GPU : ONLY_WHEN_ASKED;
  }

  @Override
  public boolean isHost() {
    return false;
  }

  @Override
  public Availability probe() {
    return new Availability(!found().isEmpty(), found().describe());
  }

  @Override
  public Backend open() {
    return open(0);
  }

  @Override
  public List<DeviceReport> devices() {
    return found().reports();
  }

  @Override
  public Backend open(int number) {
    return found().open(number);
  }

  /** The devices of this machine, looked for once. */
  static OpenClDevices found() {
    return Holder.FOUND;
  }

  private static final class Holder {
    static final OpenClDevices FOUND = OpenClDevices.find();
  }
}
