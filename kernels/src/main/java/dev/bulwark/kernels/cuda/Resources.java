package dev.bulwark.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What a device has taken from the driver for as long as it is open, and how to give it back. */
final class Resources {
  private final CudaApi api;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  Resources(CudaApi api) {
    this.api = api;
  }

  /** The primary context of a device, made the calling thread's. */
  long context(int device) {
    long context = api.retainPrimaryContext(device);
    undo.push(() -> api.releasePrimaryContext(device));
    api.setCurrent(context);
    return context;
  }

  long stream() {
    long stream = api.createStream();
    undo.push(() -> api.destroyStream(stream));
    return stream;
  }

  long event() {
    long event = api.createEvent();
    undo.push(() -> api.destroyEvent(event));
    return event;
  }

  MemorySegment pinned(long bytes) {
    MemorySegment memory = api.allocatePinned(bytes);
    undo.push(() -> api.freePinned(memory));
    return memory;
  }

  long memory(long bytes) {
    long address = api.allocate(bytes);
    undo.push(() -> api.free(address));
    return address;
  }

  long module(byte[] image) {
    long module = api.loadModule(image);
    undo.push(() -> api.unloadModule(module));
    return module;
  }

  Cublas cublas(Cublas.Starter starter, long stream, long workspace, long bytes) {
    Cublas cublas = starter.start(stream, workspace, bytes);
    undo.push(cublas::close);
    return cublas;
  }

  /**
   * Gives all back, the last taken first, whatever fails.
   *
   * @return the first error, or null
   */
  @Nullable CudaError giveBack() {
    CudaError first = null;
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (CudaError e) {
        first = first == null ? e : first;
      }
    }
    return first;
  }
}
