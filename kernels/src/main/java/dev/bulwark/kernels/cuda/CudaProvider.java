package dev.bulwark.kernels.cuda;

import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider;
import java.util.List;

/** Offers CUDA devices, or says why there is none. */
public final class CudaProvider implements BackendProvider {
  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public CudaProvider() {}

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public int rank() {
    return 300;
  }

  @Override
  public boolean isHost() {
    return false;
  }

  @Override
  public Availability probe() {
    return new Availability(Holder.FOUND.usable(), Holder.FOUND.describe());
  }

  @Override
  public Backend open() {
    return Holder.FOUND.open();
  }

  @Override
  public List<DeviceReport> devices() {
    return Holder.FOUND.reports();
  }

  @Override
  public Backend open(int number) {
    return Holder.FOUND.open(number);
  }

  private static final class Holder {
    static final CudaDevices FOUND = CudaDevices.find();
  }
}
