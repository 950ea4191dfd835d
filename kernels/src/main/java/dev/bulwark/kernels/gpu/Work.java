package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.DeviceStatistics;
import dev.bulwark.tensor.backend.Precision;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one door to a device: everything queued passes here, is checked, counted and serialised. */
final class Work {
  /** Waits after every launch, so that a failure names its kernel. */
  private static final boolean DEBUG = Boolean.getBoolean("bulwark.gpu.debug");

  private final Device device;
  private final ReentrantLock lock = new ReentrantLock();
  private final MemoryPool pool;
  private volatile Precision precision = Precision.F32;
  private long uploads;
  private long uploadedBytes;
  private long downloads;
  private long downloadedBytes;
  private long launches;

  Work(Device device) {
    this.device = device;
    this.pool = new MemoryPool(device);
  }

  Device device() {
    return device;
  }

  MemoryPool pool() {
    return pool;
  }

  Memory allocate(long bytes) {
    lock.lock();
    try {
      return pool.take(bytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Queues a kernel.
   *
   * <p>Tensors become memory under the lock: from then on the collector may take one that nobody
   * refers to any more, but nobody can be given its memory before the kernel is queued.
   *
   * @param arguments as {@link Device#launch} takes them, and tensors for memory
   */
  void launch(Kernel kernel, Grid grid, @Nullable Object... arguments) {
    lock.lock();
    try {
      @Nullable Object[] plain = plain(arguments);
      kernel.check(plain);
      forget(kernel, arguments);
      launches++;
      withRoom(() -> {
        device.launch(kernel, grid, plain);
        return true;
      });
      waitToDebug(kernel.name());
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Object[] plain(@Nullable Object[] arguments) {
    @Nullable Object[] plain = new Object[arguments.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = arguments[i] instanceof Tensor t ? memory(t) : arguments[i];
    }
    return plain;
  }

  /** What a kernel writes is not what was uploaded. */
  private void forget(Kernel kernel, @Nullable Object[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof Tensor t && kernel.parameters().get(i) == Kernel.Type.POINTER) {
        buffer(t).know(null);
      }
    }
  }

  /**
   * A driver needs memory of its own, say for a program's first launch: once more without cache.
   */
  private <T> T withRoom(Supplier<T> action) {
    try {
      return action.get();
    } catch (DeviceOutOfMemoryException full) {
      pool.flush();
      return action.get();
    }
  }

  private void waitToDebug(String what) {
    if (DEBUG) {
      try {
        device.synchronize();
      } catch (KernelFailureException e) {
        throw new KernelFailureException("in " + what + ": " + e.getMessage());
      }
    }
  }

  /**
   * Queues a product by the vendor's library. The caller keeps the operands' tensors reachable
   * until this returns. Results are F32, of which nothing uploaded is remembered.
   *
   * @return false if the device has no such library
   */
  boolean product(Product product) {
    lock.lock();
    try {
      boolean done = withRoom(() -> device.product(product));
      if (done) {
        launches++;
        waitToDebug("a matrix product");
      }
      return done;
    } finally {
      lock.unlock();
    }
  }

  void write(MemorySegment from, Tensor to) {
    lock.lock();
    try {
      uploads++;
      uploadedBytes += from.byteSize();
      buffer(to).know(null); // even if the copy fails half-way
      device.write(from, memory(to), (long) to.offset() * to.dtype().bytes());
    } finally {
      lock.unlock();
    }
  }

  void read(Tensor from, MemorySegment to) {
    lock.lock();
    try {
      downloads++;
      downloadedBytes += to.byteSize();
      device.read(memory(from), (long) from.offset() * from.dtype().bytes(), to);
    } finally {
      lock.unlock();
    }
  }

  void synchronize() {
    lock.lock();
    try {
      device.synchronize();
    } finally {
      lock.unlock();
    }
  }

  Precision precision() {
    return precision;
  }

  void setPrecision(Precision to) {
    precision = to;
  }

  DeviceStatistics statistics() {
    lock.lock();
    try {
      return new DeviceStatistics(
          uploads,
          uploadedBytes,
          downloads,
          downloadedBytes,
          launches,
          pool.usedBytes(),
          pool.cachedBytes(),
          pool.peakBytes());
    } finally {
      lock.unlock();
    }
  }

  /** Device memory of a tensor of this device. */
  Memory memory(Tensor t) {
    return buffer(t).memory();
  }

  /** Buffer of a tensor of this device. */
  DeviceBuffer buffer(Tensor t) {
    if (t.buffer() instanceof DeviceBuffer b && ((GpuBackend) b.backend()).work() == this) {
      return b;
    }
    throw new IllegalStateException(
        "tensor "
            + t.describe()
            + " lives on '"
            + t.backend().name()
            + "', but the kernel runs on '"
            + device.name()
            + "'; copy it with to(...) first");
  }
}
