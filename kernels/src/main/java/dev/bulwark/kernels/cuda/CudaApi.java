package dev.bulwark.kernels.cuda;

import java.lang.foreign.MemorySegment;

/**
 * The calls of CUDA's driver that this back end makes, in plain types: a handle or an address is a
 * long. Whatever the driver refuses is a {@link CudaError}. Any thread may call; what needs a
 * context uses the one that is current on the calling thread.
 */
interface CudaApi {
  /** Attribute: most threads in a block. */
  int MAX_THREADS_PER_BLOCK = 1;

  /** Attribute: compute capability, before the point. */
  int CAPABILITY_MAJOR = 75;

  /** Attribute: compute capability, behind the point. */
  int CAPABILITY_MINOR = 76;

  /** Starts the driver; before any other call. */
  void init();

  /** Newest CUDA that the driver knows: 1000 times the major version and 10 times the minor. */
  int driverVersion();

  /** Number of devices. */
  int deviceCount();

  /** Model of a device. */
  String deviceName(int device);

  /** A number that describes a device. */
  int attribute(int device, int attribute);

  /** Bytes of a device's memory. */
  long totalMemory(int device);

  /** The context that all users of a device in this process share. */
  long retainPrimaryContext(int device);

  /** Undoes one {@link #retainPrimaryContext}. */
  void releasePrimaryContext(int device);

  /** Makes a context the one of the calling thread. */
  void setCurrent(long context);

  /** A stream that does not wait for the null stream. */
  long createStream();

  /** Ends a stream, after its work. */
  void destroyStream(long stream);

  /** Waits until a stream's work is done. */
  void synchronizeStream(long stream);

  /** An event that keeps no time. */
  long createEvent();

  /** Ends an event. */
  void destroyEvent(long event);

  /** The event happens when the stream's work of now is done. */
  void recordEvent(long event, long stream);

  /** Later work of the stream starts after the event. */
  void waitForEvent(long stream, long event);

  /** Waits for an event; not at all if it was never recorded. */
  void synchronizeEvent(long event);

  /** Device memory. */
  long allocate(long bytes);

  /** Gives back device memory. */
  void free(long address);

  /** Host memory that stays in its place, so that copies can be queued. */
  MemorySegment allocatePinned(long bytes);

  /** Gives back host memory. */
  void freePinned(MemorySegment memory);

  /** Queues a copy from pinned memory, all of it. */
  void copyToDevice(MemorySegment from, long to, long stream);

  /** Queues a copy to pinned memory, all of it. */
  void copyToHost(long from, MemorySegment to, long stream);

  /** Loads PTX or machine code. */
  long loadModule(byte[] image);

  /** Gives back a module. */
  void unloadModule(long module);

  /** A kernel of a module. */
  long function(long module, String name);

  /**
   * Queues a kernel.
   *
   * @param arguments native memory that holds the address of each argument; read before this
   *     returns
   */
  void launch(long function, int gridX, int gridY, int block, long stream, MemorySegment arguments);
}
