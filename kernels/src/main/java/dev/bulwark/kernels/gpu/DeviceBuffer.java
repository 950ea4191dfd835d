package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Buffer;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Elements in device memory. A buffer that no scope owns goes back when it is collected.
 *
 * <p>Indices and labels come from the host and are looked at there again, to check them: their
 * buffer remembers what was uploaded until a kernel writes to it, so that looking costs no wait.
 */
final class DeviceBuffer extends Buffer {
  private static final Cleaner CLEANER = Cleaner.create();

  private final GpuBackend backend;
  private final Memory memory;
  private final Cleaner.Cleanable giveBack;
  private volatile int @Nullable [] known;

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

  /** All elements, if they are I32 and the host still knows them. */
  int @Nullable [] known() {
    checkLive();
    return known;
  }

  /** All elements were just uploaded, or null: something else was written. */
  void know(int @Nullable [] elements) {
    known = elements;
  }

  @Override
  protected void free() {
    giveBack.clean();
  }
}
