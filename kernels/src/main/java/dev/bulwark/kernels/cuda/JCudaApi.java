package dev.bulwark.kernels.cuda;

import static jcuda.driver.JCudaDriver.*;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * The driver through JCuda. JCuda's exceptions are off, since they lose the code; every code is
 * checked here.
 */
final class JCudaApi implements CudaApi {
  private final Map<Long, CUcontext> contexts = new ConcurrentHashMap<>();
  private final Map<Long, CUstream> streams = new ConcurrentHashMap<>();
  private final Map<Long, CUevent> events = new ConcurrentHashMap<>();
  private final Map<Long, CUmodule> modules = new ConcurrentHashMap<>();
  private final Map<Long, CUfunction> functions = new ConcurrentHashMap<>();

  JCudaApi() {
    JCudaDriver.setExceptionsEnabled(false);
  }

  private static void check(String call, int code) {
    if (code != 0) {
      String[] name = new String[1];
      cuGetErrorName(code, name);
      throw CudaError.ofDriver(call, code, name[0] == null ? "an unknown error" : name[0]);
    }
  }

  private static <T> T known(Map<Long, T> objects, long handle) {
    T object = objects.get(handle);
    if (object == null) {
      throw new IllegalStateException("no such handle: " + handle);
    }
    return object;
  }

  @Override
  public void init() {
    check("cuInit", cuInit(0));
  }

  @Override
  public int driverVersion() {
    int[] version = new int[1];
    check("cuDriverGetVersion", cuDriverGetVersion(version));
    return version[0];
  }

  @Override
  public int deviceCount() {
    int[] count = new int[1];
    check("cuDeviceGetCount", cuDeviceGetCount(count));
    return count[0];
  }

  private static CUdevice device(int device) {
    CUdevice handle = new CUdevice();
    check("cuDeviceGet", cuDeviceGet(handle, device));
    return handle;
  }

  @Override
  public String deviceName(int device) {
    byte[] name = new byte[256];
    check("cuDeviceGetName", cuDeviceGetName(name, name.length, device(device)));
    return new String(name, StandardCharsets.UTF_8).split("\0", 2)[0].strip();
  }

  @Override
  public int attribute(int device, int attribute) {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, attribute, device(device)));
    return value[0];
  }

  @Override
  public long totalMemory(int device) {
    long[] bytes = new long[1];
    check("cuDeviceTotalMem", cuDeviceTotalMem(bytes, device(device)));
    return bytes[0];
  }

  @Override
  public long retainPrimaryContext(int device) {
    ContextHandle context = new ContextHandle();
    check("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context, device(device)));
    contexts.put(context.handle(), context);
    return context.handle();
  }

  @Override
  public void releasePrimaryContext(int device) {
    check("cuDevicePrimaryCtxRelease", cuDevicePrimaryCtxRelease(device(device)));
  }

  @Override
  public void setCurrent(long context) {
    check("cuCtxSetCurrent", cuCtxSetCurrent(known(contexts, context)));
  }

  @Override
  public long createStream() {
    StreamHandle stream = new StreamHandle();
    check("cuStreamCreate", cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    streams.put(stream.handle(), stream);
    return stream.handle();
  }

  @Override
  public void destroyStream(long stream) {
    check("cuStreamDestroy", cuStreamDestroy(stream(stream)));
    streams.remove(stream);
  }

  @Override
  public void synchronizeStream(long stream) {
    check("cuStreamSynchronize", cuStreamSynchronize(stream(stream)));
  }

  /** JCuda's object for a stream. */
  CUstream stream(long stream) {
    return known(streams, stream);
  }

  @Override
  public long createEvent() {
    EventHandle event = new EventHandle();
    check("cuEventCreate", cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
    events.put(event.handle(), event);
    return event.handle();
  }

  @Override
  public void destroyEvent(long event) {
    check("cuEventDestroy", cuEventDestroy(known(events, event)));
    events.remove(event);
  }

  @Override
  public void recordEvent(long event, long stream) {
    check("cuEventRecord", cuEventRecord(known(events, event), stream(stream)));
  }

  @Override
  public void waitForEvent(long stream, long event) {
    check("cuStreamWaitEvent", cuStreamWaitEvent(stream(stream), known(events, event), 0));
  }

  @Override
  public void synchronizeEvent(long event) {
    check("cuEventSynchronize", cuEventSynchronize(known(events, event)));
  }

  @Override
  public long allocate(long bytes) {
    DeviceAddress address = new DeviceAddress(0);
    check("cuMemAlloc", cuMemAlloc(address, bytes));
    return address.handle();
  }

  @Override
  public void free(long address) {
    check("cuMemFree", cuMemFree(new DeviceAddress(address)));
  }

  @Override
  public MemorySegment allocatePinned(long bytes) {
    Pointer pointer = new Pointer();
    check("cuMemHostAlloc", cuMemHostAlloc(pointer, bytes, 0));
    return MemorySegment.ofBuffer(pointer.getByteBuffer(0, bytes));
  }

  @Override
  public void freePinned(MemorySegment memory) {
    check("cuMemFreeHost", cuMemFreeHost(new HostAddress(memory.address())));
  }

  @Override
  public void copyToDevice(MemorySegment from, long to, long stream) {
    check(
        "cuMemcpyHtoDAsync",
        cuMemcpyHtoDAsync(
            new DeviceAddress(to),
            new HostAddress(from.address()),
            from.byteSize(),
            stream(stream)));
  }

  @Override
  public void copyToHost(long from, MemorySegment to, long stream) {
    check(
        "cuMemcpyDtoHAsync",
        cuMemcpyDtoHAsync(
            new HostAddress(to.address()), new DeviceAddress(from), to.byteSize(), stream(stream)));
  }

  @Override
  public long loadModule(byte[] image) {
    ModuleHandle module = new ModuleHandle();
    check("cuModuleLoadData", cuModuleLoadData(module, image));
    modules.put(module.handle(), module);
    return module.handle();
  }

  @Override
  public void unloadModule(long module) {
    check("cuModuleUnload", cuModuleUnload(known(modules, module)));
    modules.remove(module);
  }

  @Override
  public long function(long module, String name) {
    FunctionHandle function = new FunctionHandle();
    check("cuModuleGetFunction", cuModuleGetFunction(function, known(modules, module), name));
    functions.put(function.handle(), function);
    return function.handle();
  }

  @Override
  public void launch(
      long function, int gridX, int gridY, int block, long stream, MemorySegment arguments) {
    check(
        "cuLaunchKernel",
        cuLaunchKernel(
            known(functions, function),
            gridX,
            gridY,
            1,
            block,
            1,
            1,
            0,
            stream(stream),
            new HostAddress(arguments.address()),
            null));
  }

  // JCuda hides the value of a handle from all but subclasses.

  private static final class ContextHandle extends CUcontext {
    long handle() {
      return getNativePointer();
    }
  }

  private static final class StreamHandle extends CUstream {
    long handle() {
      return getNativePointer();
    }
  }

  private static final class EventHandle extends CUevent {
    long handle() {
      return getNativePointer();
    }
  }

  private static final class ModuleHandle extends CUmodule {
    long handle() {
      return getNativePointer();
    }
  }

  private static final class FunctionHandle extends CUfunction {
    long handle() {
      return getNativePointer();
    }
  }
}
