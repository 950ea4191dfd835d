package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Buffer;
import dev.bulwark.tensor.backend.DeviceStatistics;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Precision;

/** A whole back end on any {@link Device}. */
public final class GpuBackend implements Backend {
  private final Work work;
  private final Kernels kernels;

  /**
   * Opens a back end on a device.
   *
   * @param device the device, for this back end alone
   */
  public GpuBackend(Device device) {
    this.work = new Work(device);
    this.kernels = new GpuKernels(work);
  }

  @Override
  public String name() {
    return work.device().name();
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Buffer allocate(DType dtype, int size) {
    Memory memory = work.allocate((long) size * dtype.bytes());
    return new DeviceBuffer(this, dtype, size, memory, work.pool());
  }

  @Override
  public boolean isHost() {
    return false;
  }

  @Override
  public void synchronize() {
    work.synchronize();
  }

  /**
   * The device below.
   *
   * @return the device
   */
  public Device device() {
    return work.device();
  }

  @Override
  public void setPrecision(Precision precision) {
    work.setPrecision(precision);
  }

  @Override
  public Precision precision() {
    return work.precision();
  }

  @Override
  public DeviceStatistics statistics() {
    return work.statistics();
  }

  Work work() {
    return work;
  }
}
