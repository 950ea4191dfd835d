package dev.bulwark.kernels.opencl;

import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.Program;
import dev.bulwark.tensor.backend.BackendProvider.Availability;
import dev.bulwark.tensor.backend.BackendProvider.DeviceReport;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * The OpenCL devices of this machine that can run our kernels, GPUs first; and why others cannot.
 */
final class OpenClDevices {
  private static final String INSTALL =
      "install your GPU's driver with its OpenCL part, and on Linux also ocl-icd-libopencl1"
          + " (pocl-opencl-icd offers the CPU, for tests)";

  private final List<Candidate> usable;
  private final List<String> refused;
  private final Map<Integer, GpuBackend> open = new HashMap<>();

  private OpenClDevices(List<Candidate> usable, List<String> refused) {
    this.usable = usable;
    this.refused = refused;
  }

  private record Candidate(cl_platform_id platform, cl_device_id device, Facts facts) {}

  /** Looks for devices; never throws. */
  static OpenClDevices find() {
    try {
      if (!OpenClLibrary.isPresent()) {
        return none("no OpenCL loader (" + OpenClLibrary.names().getFirst() + "): " + INSTALL);
      }
      OpenClLibrary.load();
      return search();
    } catch (LinkageError e) { // the one place: JOCL is left out, or its native part does not fit
      return none("JOCL cannot be loaded: " + firstLine(e));
    } catch (UncheckedIOException e) {
      return none("JOCL cannot be loaded: " + e.getMessage() + ": " + e.getCause());
    }
  }

  private static String firstLine(LinkageError e) {
    return e.toString().lines().findFirst().orElse("");
  }

  private static OpenClDevices none(String reason) {
    return new OpenClDevices(List.of(), List.of(reason));
  }

  private static OpenClDevices search() {
    List<Candidate> usable = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    try {
      for (cl_platform_id platform : FactFinder.platforms()) {
        try {
          look(platform, usable, refused);
        } catch (CLException e) {
          refused.add("a platform answers " + Faults.name(e)); // must not hide the others
        }
      }
    } catch (CLException e) {
      return none("no OpenCL platform (" + Faults.name(e) + "): " + INSTALL);
    }
    usable.sort(Comparator.comparingInt(c -> c.facts().preference()));
    return new OpenClDevices(usable, refused);
  }

  private static void look(cl_platform_id platform, List<Candidate> usable, List<String> refused) {
    List<cl_device_id> devices = FactFinder.devices(platform);
    if (devices.isEmpty()) {
      refused.add("platform " + FactFinder.name(platform) + " has no device");
    }
    for (cl_device_id device : devices) {
      try {
        Facts facts = FactFinder.facts(platform, device);
        if (facts.lacks().isEmpty()) {
          usable.add(new Candidate(platform, device, facts));
        } else {
          refused.add(facts.describe() + ": " + String.join(", ", facts.lacks()));
        }
      } catch (CLException e) {
        refused.add("a device of " + FactFinder.name(platform) + " answers " + Faults.name(e));
      }
    }
  }

  boolean isEmpty() {
    return usable.isEmpty();
  }

  boolean hasGpu() {
    return !isEmpty() && usable.getFirst().facts().isGpu();
  }

  /** The devices that can be opened, in the order of their numbers. */
  List<DeviceInfo> devices() {
    return usable.stream().map(c -> c.facts().info()).toList();
  }

  /** Every device with its verdict; those that can be opened first, by their numbers. */
  List<DeviceReport> reports() {
    List<DeviceReport> all = new ArrayList<>();
    for (Candidate c : usable) {
      String name = "opencl:" + all.size();
      all.add(new DeviceReport(name, new Availability(true, c.facts().describe())));
    }
    for (String reason : refused) {
      all.add(new DeviceReport("opencl", new Availability(false, reason)));
    }
    return all;
  }

  /** What can be used, and why the rest cannot. */
  String describe() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < usable.size(); i++) {
      String number = usable.size() > 1 ? i + ": " : "";
      parts.add(number + usable.get(i).facts().describe());
    }
    if (!refused.isEmpty()) {
      parts.add((isEmpty() ? "" : "not usable: ") + String.join("; ", refused));
    }
    return String.join("; ", parts);
  }

  /** The back end on a device; the same object each time. */
  synchronized GpuBackend open(int index) {
    return open.computeIfAbsent(
        index, i -> new GpuBackend(connect(i, BinaryCache.ofUser(), Program::source)));
  }

  /** A new connection to a device; programs have these sources. */
  OpenClDevice connect(int index, BinaryCache cache, Function<Program, String> sources) {
    if (index < 0 || index >= usable.size()) {
      throw new IllegalStateException("no OpenCL device " + index + "; found: " + describe());
    }
    Candidate c = usable.get(index);
    String name = "opencl:" + index;
    try {
      return new OpenClDevice(name, c.facts(), c.platform(), c.device(), cache, sources);
    } catch (CLException e) {
      throw new IllegalStateException(
          name + ", " + c.facts().describe() + ", cannot be opened: " + Faults.name(e), e);
    }
  }
}
