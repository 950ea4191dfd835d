package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.PrivateNatives;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider.Availability;
import dev.bulwark.tensor.backend.BackendProvider.DeviceReport;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The CUDA devices of this machine, and why one of them cannot be used. */
final class CudaDevices {
  private static final int KNOWS_PTX_7 = 11_000; // as the driver counts: CUDA 11.0

  private final List<Candidate> found;
  private final @Nullable String problem;
  private final @Nullable CudaApi api;
  private final Cublas.@Nullable Starter starter;
  private final Map<Integer, GpuBackend> open = new HashMap<>();

  private CudaDevices(
      List<Candidate> found,
      @Nullable String problem,
      @Nullable CudaApi api,
      Cublas.@Nullable Starter starter) {
    this.found = found;
    this.problem = problem;
    this.api = api;
    this.starter = starter;
  }

  /** A device; problem says why it cannot be used, or is null. */
  private record Candidate(DeviceInfo info, int capability, @Nullable String problem) {
    Availability availability() {
      String what =
          "%s, compute capability %s, %.1f GiB, driver for %s"
              .formatted(
                  info.model(),
                  version(capability),
                  info.memoryBytes() / (double) (1L << 30),
                  info.driver());
      return new Availability(
          problem == null, problem == null ? what : what + ": not usable, " + problem);
    }
  }

  /** Looks for devices; never throws. */
  static CudaDevices find() {
    CudaLibraries libraries = CudaLibraries.load();
    if (libraries.problem() != null) {
      return none(libraries.problem());
    }
    try {
      JCudaApi api = PrivateNatives.load(JCudaApi::new);
      return find(
          api, starter(libraries, api), Math.max(KNOWS_PTX_7, 1000 * libraries.cublasVersion()));
    } catch (LinkageError e) { // the one place where a library that does not fit shows
      return none(
          "JCuda is not on the class path, or does not fit this machine: " + e.getMessage());
    } catch (UncheckedIOException e) {
      return none(e.getMessage() + ": " + e.getCause());
    }
  }

  /** JCublas asks for cuBLAS 12 by name; of cuBLAS 13 we call the same functions ourselves. */
  private static Cublas.Starter starter(CudaLibraries libraries, JCudaApi api) {
    if (libraries.cublasVersion() == 12) {
      PrivateNatives.load(JCublas::initialize);
      return (stream, workspace, bytes) -> new JCublas(api.stream(stream), workspace, bytes);
    }
    return (stream, workspace, bytes) ->
        new NativeCublas(libraries.cublas(), stream, workspace, bytes);
  }

  /**
   * Looks for devices behind a driver.
   *
   * @param lowestDriver which version of the driver PTX and cuBLAS need
   */
  static CudaDevices find(CudaApi api, Cublas.Starter starter, int lowestDriver) {
    try {
      api.init();
      int driver = api.driverVersion();
      List<Candidate> found = new ArrayList<>();
      for (int i = 0; i < api.deviceCount(); i++) {
        found.add(candidate(api, i, driver, lowestDriver));
      }
      return new CudaDevices(found, null, api, starter);
    } catch (CudaError e) {
      return none("the NVIDIA driver is there, but offers no GPU: " + e.getMessage());
    }
  }

  private static CudaDevices none(@Nullable String problem) {
    return new CudaDevices(List.of(), problem, null, null);
  }

  private static Candidate candidate(CudaApi api, int i, int driver, int lowestDriver) {
    int capability =
        10 * api.attribute(i, CudaApi.CAPABILITY_MAJOR)
            + api.attribute(i, CudaApi.CAPABILITY_MINOR);
    DeviceInfo info =
        new DeviceInfo(
            api.deviceName(i),
            "CUDA " + cuda(driver),
            false,
            api.totalMemory(i),
            api.attribute(i, CudaApi.MAX_THREADS_PER_BLOCK));
    String problem = null;
    if (capability < Ptx.LOWEST_CAPABILITY) {
      problem = "compute capability " + version(capability) + " is below 7.5 (Turing)";
    } else if (driver < lowestDriver) {
      problem =
          "the driver knows CUDA "
              + cuda(driver)
              + " at most, and the cuBLAS that was found needs "
              + cuda(lowestDriver)
              + "; update it";
    }
    return new Candidate(info, capability, problem);
  }

  /** 75 is 7.5; 120 is 12.0. */
  private static String version(int tenfold) {
    return tenfold / 10 + "." + tenfold % 10;
  }

  /** 12060 is 12.6. */
  private static String cuda(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  boolean usable() {
    return first() >= 0;
  }

  private int first() {
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).problem() == null) {
        return i;
      }
    }
    return -1;
  }

  /** Each device and whether it can be used, or why there is none. */
  String describe() {
    if (problem != null) {
      return problem;
    }
    if (found.isEmpty()) {
      return "the NVIDIA driver is there, but shows no GPU (see CUDA_VISIBLE_DEVICES)";
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Availability a = found.get(i).availability();
      lines.add(i + ": " + a.reason());
    }
    return String.join("; ", lines);
  }

  /** Every device with its verdict, by number. */
  List<DeviceReport> reports() {
    List<DeviceReport> all = new ArrayList<>();
    for (Candidate c : found) {
      all.add(new DeviceReport("cuda:" + all.size(), c.availability()));
    }
    return all;
  }

  /** The back end on the first device that can be used. */
  Backend open() {
    return open(Math.max(0, first()));
  }

  /**
   * The back end on a device; the same object each time.
   *
   * @throws IllegalStateException if there is none of that number, or it cannot be used
   */
  synchronized Backend open(int index) {
    if (api == null || starter == null || index < 0 || index >= found.size()) {
      throw new IllegalStateException("no CUDA device " + index + ": " + describe());
    }
    Candidate c = found.get(index);
    if (c.problem() != null) {
      throw new IllegalStateException(
          "CUDA device " + index + ", " + c.info().model() + ", cannot be used: " + c.problem());
    }
    GpuBackend backend = open.get(index);
    if (backend == null) {
      try {
        backend = new GpuBackend(new CudaDevice(index, c.info(), api, starter));
      } catch (CudaError e) {
        throw new IllegalStateException(
            "CUDA device " + index + " does not open: " + e.getMessage(), e);
      }
      open.put(index, backend);
    }
    return backend;
  }
}
