package dev.bulwark.kernels.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A driver of plain Java: keeps device memory on the heap, runs copies at once, writes down every
 * call, and fails on demand. Kernels do nothing.
 */
final class FakeCuda implements CudaApi {
  final List<String> calls = new ArrayList<>();
  final Map<String, Integer> failures = new HashMap<>();
  final Set<Long> live = new HashSet<>();
  int devices = 1;
  int version = 12_060;
  int capability = 80;
  private final Map<Long, byte[]> memory = new HashMap<>();
  private long context;
  private long next = 1;

  private void call(String name, Object... arguments) {
    calls.add(name + List.of(arguments));
    Integer code = failures.get(name);
    if (code != null) {
      throw CudaError.ofDriver(name, code, "CODE");
    }
  }

  private long take() {
    long handle = next++ << 32;
    live.add(handle);
    return handle;
  }

  private void give(long handle) {
    if (!live.remove(handle)) {
      throw new IllegalStateException("given back twice, or never taken: " + handle);
    }
  }

  @Override
  public void init() {
    call("init");
  }

  @Override
  public int driverVersion() {
    return version;
  }

  @Override
  public int deviceCount() {
    return devices;
  }

  @Override
  public String deviceName(int device) {
    return "Fake " + device;
  }

  @Override
  public int attribute(int device, int attribute) {
    return switch (attribute) {
      case CAPABILITY_MAJOR -> (device == 0 ? capability : 61) / 10;
      case CAPABILITY_MINOR -> (device == 0 ? capability : 61) % 10;
      default -> 1024;
    };
  }

  @Override
  public long totalMemory(int device) {
    return 8L << 30;
  }

  @Override
  public long retainPrimaryContext(int device) {
    call("retain", device);
    context = take();
    return context;
  }

  @Override
  public void releasePrimaryContext(int device) {
    call("release", device);
    give(context);
  }

  @Override
  public void setCurrent(long context) {}

  @Override
  public long createStream() {
    call("createStream");
    return take();
  }

  @Override
  public void destroyStream(long stream) {
    give(stream);
  }

  @Override
  public void synchronizeStream(long stream) {
    call("synchronizeStream", stream);
  }

  @Override
  public long createEvent() {
    call("createEvent");
    return take();
  }

  @Override
  public void destroyEvent(long event) {
    give(event);
  }

  @Override
  public void recordEvent(long event, long stream) {
    call("recordEvent", event, stream);
  }

  @Override
  public void waitForEvent(long stream, long event) {
    call("waitForEvent", stream, event);
  }

  @Override
  public void synchronizeEvent(long event) {
    call("synchronizeEvent", event);
  }

  @Override
  public long allocate(long bytes) {
    call("allocate", bytes);
    long address = take();
    memory.put(address, new byte[(int) bytes]);
    return address;
  }

  @Override
  public void free(long address) {
    call("free", address);
    give(address);
  }

  @Override
  public MemorySegment allocatePinned(long bytes) {
    call("allocatePinned", bytes);
    MemorySegment pinned = Arena.ofAuto().allocate(bytes);
    live.add(pinned.address());
    return pinned;
  }

  @Override
  public void freePinned(MemorySegment pinned) {
    give(pinned.address());
  }

  private MemorySegment at(long address, long bytes) {
    byte[] block = memory.get(address >> 32 << 32);
    return MemorySegment.ofArray(block).asSlice(address & 0xffff_ffffL, bytes);
  }

  @Override
  public void copyToDevice(MemorySegment from, long to, long stream) {
    call("copyToDevice", from.byteSize(), stream);
    at(to, from.byteSize()).copyFrom(from);
  }

  @Override
  public void copyToHost(long from, MemorySegment to, long stream) {
    call("copyToHost", to.byteSize(), stream);
    to.copyFrom(at(from, to.byteSize()));
  }

  @Override
  public long loadModule(byte[] image) {
    call("loadModule", (int) image[image.length - 1]);
    return take();
  }

  @Override
  public void unloadModule(long module) {
    give(module);
  }

  @Override
  public long function(long module, String name) {
    call("function", name);
    return next++ << 32;
  }

  @Override
  @SuppressWarnings("restricted")
  public void launch(
      long function, int gridX, int gridY, int block, long stream, MemorySegment arguments) {
    MemorySegment first =
        arguments.get(ValueLayout.ADDRESS, 0).reinterpret(Long.BYTES); // as a driver reads it
    call("launch", gridX, gridY, block, stream, first.get(ValueLayout.JAVA_LONG, 0));
  }
}
