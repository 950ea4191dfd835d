package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.Device;
import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.Grid;
import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Product;
import dev.bulwark.kernels.gpu.Program;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One CUDA device: its primary context, one stream of work, one of uploads, kernels loaded on first
 * use. Calls come from different threads, one at a time; each makes the context its thread's own.
 *
 * <p>An error that breaks the context loses the device: that call and all later ones fail.
 */
final class CudaDevice implements Device, AutoCloseable {
  private final String name;
  private final DeviceInfo info;
  private final CudaApi api;
  private final CudaFailures failures;
  private final int capability; // 10 times the version
  private final Resources resources;
  private final long context;
  private final long compute;
  private final Uploads uploads;
  private final Downloads downloads;
  private final Cublas cublas;
  private final LaunchArguments packed = new LaunchArguments();
  private final Map<Program, Long> modules = new EnumMap<>(Program.class);
  private final Map<Kernel, Long> functions = new HashMap<>();
  private @Nullable String last;

  /**
   * Takes a device.
   *
   * @param number as the driver counts
   * @param starter starts the library of matrix products
   * @throws CudaError if the driver refuses
   */
  CudaDevice(int number, DeviceInfo info, CudaApi api, Cublas.Starter starter) {
    this.name = "cuda:" + number;
    this.info = info;
    this.api = api;
    this.failures = new CudaFailures(name);
    int major = api.attribute(number, CudaApi.CAPABILITY_MAJOR);
    this.capability = 10 * major + api.attribute(number, CudaApi.CAPABILITY_MINOR);
    this.resources = new Resources(api);
    try {
      this.context = resources.context(number);
      this.compute = resources.stream();
      this.uploads = new Uploads(api, resources, compute);
      this.downloads = new Downloads(api, resources, compute);
      long bytes = workspaceBytes(major);
      long workspace = resources.memory(bytes);
      this.cublas = resources.cublas(starter, compute, workspace, bytes);
    } catch (RuntimeException e) {
      resources.giveBack();
      throw e;
    }
  }

  /** What NVIDIA recommends for each generation. */
  private static long workspaceBytes(int major) {
    return major >= 9 ? 32L << 20 : 4L << 20;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public boolean runs(Program program) {
    return capability >= Ptx.lowestCapability(program);
  }

  @Override
  public Memory allocate(long bytes) {
    return call("allocating memory", () -> new CudaMemory(api.allocate(bytes), bytes));
  }

  @Override
  public void free(Memory memory) {
    run(
        "freeing memory",
        () -> {
          api.synchronizeStream(compute); // uploads too: the stream waits for each
          api.free(address(memory));
        });
  }

  private static long address(Memory memory) {
    return ((CudaMemory) memory).address();
  }

  @Override
  public void write(MemorySegment from, Memory to, long at) {
    run(
        "copying to the device",
        () -> {
          try {
            uploads.copy(from, address(to) + at);
          } catch (CudaError e) {
            if (e.kind() != CudaError.Kind.FATAL) {
              uploads.synchronize(); // nothing may be under way that nobody waits for
            }
            throw e;
          }
        });
  }

  @Override
  public void read(Memory from, long at, MemorySegment to) {
    run("copying to the host", () -> downloads.copy(address(from) + at, to));
  }

  @Override
  public void launch(Kernel kernel, Grid grid, @Nullable Object[] arguments) {
    run(
        kernel.name(),
        () -> {
          long function = function(kernel);
          last = kernel.name();
          MemorySegment table = packed.pack(arguments);
          api.launch(function, grid.x(), grid.y(), grid.block(), compute, table);
        });
  }

  private long function(Kernel kernel) {
    Long known = functions.get(kernel);
    if (known != null) {
      return known;
    }
    Program program = kernel.program();
    Long module = modules.get(program);
    if (module == null) {
      module = resources.module(KernelImages.of(program));
      modules.put(program, module);
    }
    long function = api.function(module, kernel.name());
    functions.put(kernel, function);
    return function;
  }

  @Override
  public boolean product(Product product) {
    GemmCall gemm = CublasMapping.of(product, CudaDevice::address);
    if (gemm == null) {
      return false;
    }
    run(
        "a matrix product",
        () -> {
          last = "a matrix product of cuBLAS";
          try {
            cublas.gemm(gemm);
          } catch (CudaError e) {
            api.synchronizeStream(compute); // an earlier failure, if there is one, shows here
            throw e;
          }
        });
    return true;
  }

  @Override
  public void synchronize() {
    run("waiting for the device", () -> api.synchronizeStream(compute));
  }

  private void run(String doing, Runnable action) {
    call(
        doing,
        () -> {
          action.run();
          return true;
        });
  }

  private <T> T call(String doing, Supplier<T> action) {
    failures.check();
    try {
      api.setCurrent(context);
      return action.get();
    } catch (CudaError e) {
      throw failures.of(e, doing, last);
    }
  }

  /** Gives everything back but memory that was allocated; for tests, which open many. */
  @Override
  public void close() {
    try {
      api.setCurrent(context);
      api.synchronizeStream(compute);
    } catch (CudaError e) {
      // giving back meets it again
    }
    CudaError error = resources.giveBack();
    if (error != null && !failures.isLost()) {
      throw failures.of(error, "closing", last);
    }
  }
}
