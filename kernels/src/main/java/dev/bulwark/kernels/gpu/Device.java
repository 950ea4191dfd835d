package dev.bulwark.kernels.gpu;

import java.lang.foreign.MemorySegment;

/**
 * What a binding (CUDA, OpenCL) provides: memory, kernels by name, and one queue on which all work
 * runs in the order in which it was given. {@link GpuBackend} builds a whole back end on it.
 *
 * <p>Callers hold the backend's lock, so a device need not be thread-safe; but calls come from
 * different threads.
 */
public interface Device {
  /**
   * Name of the back end on this device.
   *
   * @return provider and number, such as "cuda:0"
   */
  String name();

  /**
   * What it is and what it can do.
   *
   * @return facts that do not change
   */
  DeviceInfo info();

  /**
   * New memory, with arbitrary contents.
   *
   * @param bytes size, above 0
   * @return the memory
   * @throws DeviceOutOfMemoryException if the device has no more
   */
  Memory allocate(long bytes);

  /**
   * Gives memory back to the device after all queued work.
   *
   * @param memory from {@link #allocate}, not freed before
   */
  void free(Memory memory);

  /**
   * Copies from the host, in queue order. The source may change as soon as this returns.
   *
   * @param from host bytes, on or off the Java heap
   * @param to device memory
   * @param at first byte in it
   */
  void write(MemorySegment from, Memory to, long at);

  /**
   * Copies to the host after all queued work, and waits for it.
   *
   * @param from device memory
   * @param at first byte in it
   * @param to host bytes, on or off the Java heap
   */
  void read(Memory from, long at, MemorySegment to);

  /**
   * Queues a kernel. Arguments were checked against the kernel's signature.
   *
   * @param kernel which one
   * @param grid how many blocks of how many threads
   * @param arguments {@link Memory} or null, {@link Integer}, {@link Long}, {@link Float}, {@link
   *     Double}, or {@code int[]} for a structure of ints
   */
  void launch(Kernel kernel, Grid grid, Object[] arguments);

  /**
   * Whether this device can run a program.
   *
   * @param program the program
   * @return whether its kernels may be launched
   */
  default boolean runs(Program program) {
    return program.isPortable();
  }

  /**
   * Queues a matrix product by the vendor's library, if there is one.
   *
   * @param product what to compute
   * @return false if this device has no such library: our own kernel runs instead
   */
  default boolean product(Product product) {
    return false;
  }

  /**
   * Waits until all queued work is done.
   *
   * @throws KernelFailureException if any of it failed
   */
  void synchronize();
}
