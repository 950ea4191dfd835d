package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a driver says of a device.
 *
 * @param model name of the device
 * @param platform name of the platform that offers it
 * @param version such as "OpenCL 3.0 CUDA"
 * @param driver version of the driver
 * @param type bits of CL_DEVICE_TYPE
 * @param available whether it can be used now
 * @param compiler whether it compiles source
 * @param littleEndian byte order
 * @param fp64 whether it has double precision
 * @param exactDivision whether division and square root can be rounded correctly
 * @param unified whether its memory is the host's
 * @param memory bytes of all memory
 * @param localMemory bytes that a block can share
 * @param largestBlock most threads in a block
 */
record Facts(
    String model,
    String platform,
    String version,
    String driver,
    long type,
    boolean available,
    boolean compiler,
    boolean littleEndian,
    boolean fp64,
    boolean exactDivision,
    boolean unified,
    long memory,
    long localMemory,
    long largestBlock) {
  private static final Pattern VERSION = Pattern.compile("OpenCL (\\d+)\\.(\\d+)");
  private static final long LOCAL_MEMORY =
      48 << 10; // what kernels count on: every CUDA device has it

  /** What the device lacks for our kernels; empty if it can run them. */
  List<String> lacks() {
    List<String> lacks = new ArrayList<>();
    if (!available) {
      lacks.add("it is not available now");
    }
    if (!compiler) {
      lacks.add("it has no compiler");
    }
    if (!littleEndian) {
      lacks.add("it is big endian");
    }
    if (!isAtLeast(1, 2)) {
      lacks.add("it has " + version + ", OpenCL 1.2 is needed");
    }
    if (!fp64) {
      lacks.add("it has no double precision (cl_khr_fp64)");
    }
    if (largestBlock < Grid.BLOCK) {
      lacks.add("its blocks have at most " + largestBlock + " threads, not " + Grid.BLOCK);
    }
    if (localMemory < LOCAL_MEMORY) {
      lacks.add("its blocks share %,d bytes, not %,d".formatted(localMemory, LOCAL_MEMORY));
    }
    return lacks;
  }

  private boolean isAtLeast(int major, int minor) {
    Matcher m = VERSION.matcher(version);
    if (!m.find()) {
      return false;
    }
    int has = Integer.parseInt(m.group(1));
    return has > major || (has == major && Integer.parseInt(m.group(2)) >= minor);
  }

  /** Whether it is only the CPU behind another interface. */
  boolean isCpu() {
    return (type & CL_DEVICE_TYPE_CPU) != 0; // simulators claim all types at once
  }

  boolean isGpu() {
    return (type & CL_DEVICE_TYPE_GPU) != 0 && !isCpu();
  }

  /** Place in the order of preference: GPUs with memory of their own first, CPUs last. */
  int preference() {
    if (isGpu()) {
      return unified ? 1 : 0;
    }
    return isCpu() ? 3 : 2;
  }

  DeviceInfo info() {
    return new DeviceInfo(model, driver, isCpu(), memory, (int) largestBlock);
  }

  /** For a list of devices. */
  String describe() {
    return "%s (%s, driver %s, %.1f GiB)"
        .formatted(model, platform, driver, memory / (double) (1L << 30));
  }
}
