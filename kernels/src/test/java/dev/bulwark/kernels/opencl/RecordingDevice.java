package dev.bulwark.kernels.opencl;

import dev.bulwark.kernels.gpu.Device;
import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.Grid;
import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Product;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.Set;

/** A device that remembers which kernels were launched on it. */
final class RecordingDevice implements Device {
  private final Device device;
  private final Set<Kernel> launched = new LinkedHashSet<>();

  RecordingDevice(Device device) {
    this.device = device;
  }

  Set<Kernel> launched() {
    return launched;
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public DeviceInfo info() {
    return device.info();
  }

  @Override
  public Memory allocate(long bytes) {
    return device.allocate(bytes);
  }

  @Override
  public void free(Memory memory) {
    device.free(memory);
  }

  @Override
  public void write(MemorySegment from, Memory to, long at) {
    device.write(from, to, at);
  }

  @Override
  public void read(Memory from, long at, MemorySegment to) {
    device.read(from, at, to);
  }

  @Override
  public void launch(Kernel kernel, Grid grid, Object[] arguments) {
    launched.add(kernel);
    device.launch(kernel, grid, arguments);
  }

  @Override
  public boolean product(Product product) {
    return device.product(product);
  }

  @Override
  public void synchronize() {
    device.synchronize();
  }
}
