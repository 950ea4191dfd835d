package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Buffer;
import java.lang.ref.Cleaner;

/** Elements in device memory. A buffer that no scope owns goes back when it is collected. */
final class DeviceBuffer extends Buffer {
  private static final Cleaner CLEANER = Cleaner.create();

  private final GpuBackend backend;
  private final Memory memory;
  private final Cleaner.Cleanable giveBack;

  DeviceBuffer(GpuBackend backend, DType dtype, int size, Memory memory, MemoryPool pool) {
    super(dtype, size);
    this.backend = backend;
    this.memory = memory;
    this.giveBack = CLEANER.register(this, () -> pool.giveLater(memory)); // must not hold this
  }

  @Override
  public Backend backend() {
    return backend;
  }

  Memory memory() {
    checkLive();
    return memory;
  }

  @Override
  protected void free() {
    giveBack.clean();
  }
}
