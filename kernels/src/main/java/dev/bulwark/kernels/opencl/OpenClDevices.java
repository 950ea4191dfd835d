package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.tensor.backend.Backend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** The OpenCL devices of this machine that can run our kernels, GPUs first. */
final class OpenClDevices {
  private final List<Candidate> usable;
  private final String description;
  private final Map<Integer, Backend> open = new HashMap<>();

  private OpenClDevices(List<Candidate> usable, String description) {
    this.usable = usable;
    this.description = description;
  }

  private record Candidate(cl_platform_id platform, cl_device_id device, DeviceInfo info) {}

  /** Looks for devices; never throws. */
  static OpenClDevices find() {
    try {
      CL.setExceptionsEnabled(true);
      return search();
    } catch (CLException e) {
      return new OpenClDevices(
          List.of(), "no OpenCL platform is installed (" + e.getMessage() + ")");
    } catch (LinkageError e) {
      return new OpenClDevices(
          List.of(), "JOCL or the OpenCL loader (libOpenCL) is missing: " + e.getMessage());
    }
  }

  private static OpenClDevices search() {
    int[] count = new int[1];
    clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    clGetPlatformIDs(platforms.length, platforms, null);
    List<Candidate> usable = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] devices = new cl_device_id[count[0]];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
      for (cl_device_id device : devices) {
        usable.add(new Candidate(platform, device, info(device)));
      }
    }
    usable.sort(Comparator.comparing(c -> c.info().isCpu()));
    return new OpenClDevices(
        usable, usable.isEmpty() ? "no device" : usable.getFirst().info().model());
  }

  private static DeviceInfo info(cl_device_id device) {
    long type = number(device, CL_DEVICE_TYPE);
    return new DeviceInfo(
        text(device, CL_DEVICE_NAME),
        text(device, CL_DRIVER_VERSION),
        (type & CL_DEVICE_TYPE_CPU) != 0,
        number(device, CL_DEVICE_GLOBAL_MEM_SIZE),
        (int) number(device, CL_DEVICE_MAX_WORK_GROUP_SIZE),
        (int) number(device, CL_DEVICE_MAX_COMPUTE_UNITS));
  }

  private static long number(cl_device_id device, int what) {
    long[] value = new long[1];
    long[] size = new long[1];
    clGetDeviceInfo(device, what, 0, null, size);
    clGetDeviceInfo(device, what, Math.min(size[0], Sizeof.cl_long), Pointer.to(value), null);
    return value[0];
  }

  private static String text(cl_device_id device, int what) {
    long[] size = new long[1];
    clGetDeviceInfo(device, what, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetDeviceInfo(device, what, bytes.length, Pointer.to(bytes), null);
    return new String(bytes, 0, bytes.length - 1, java.nio.charset.StandardCharsets.UTF_8).strip();
  }

  boolean isEmpty() {
    return usable.isEmpty();
  }

  boolean hasGpu() {
    return !usable.isEmpty() && !usable.getFirst().info().isCpu();
  }

  String describe() {
    return description;
  }

  /** The back end on a device; the same object each time. */
  synchronized Backend open(int index) {
    if (index < 0 || index >= usable.size()) {
      throw new IllegalStateException(
          "no OpenCL device "
              + index
              + ": "
              + (isEmpty() ? description : "there are " + usable.size()));
    }
    return open.computeIfAbsent(
        index,
        i -> {
          Candidate c = usable.get(i);
          return new GpuBackend(
              new OpenClDevice("opencl:" + i, c.info(), c.platform(), c.device()));
        });
  }
}
