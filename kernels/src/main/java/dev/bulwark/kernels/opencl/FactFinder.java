package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Asks a driver about its platforms and devices. */
final class FactFinder {
  private FactFinder() {}

  static List<cl_platform_id> platforms() {
    int[] count = new int[1];
    clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    clGetPlatformIDs(platforms.length, platforms, null);
    return List.of(platforms);
  }

  /** All devices of a platform; none is not an error here. */
  static List<cl_device_id> devices(cl_platform_id platform) {
    try {
      int[] count = new int[1];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] devices = new cl_device_id[count[0]];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
      return List.of(devices);
    } catch (CLException e) {
      if (e.getStatus() == CL_DEVICE_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  static String name(cl_platform_id platform) {
    long[] size = new long[1];
    clGetPlatformInfo(platform, CL_PLATFORM_NAME, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetPlatformInfo(platform, CL_PLATFORM_NAME, bytes.length, Pointer.to(bytes), null);
    return text(bytes);
  }

  static String name(cl_device_id device) {
    return text(device, CL_DEVICE_NAME);
  }

  @SuppressWarnings("deprecation") // whether memory is unified is asked as in OpenCL 1.2
  static Facts facts(cl_platform_id platform, cl_device_id device) {
    return new Facts(
        name(device),
        name(platform),
        text(device, CL_DEVICE_VERSION),
        text(device, CL_DRIVER_VERSION),
        number(device, CL_DEVICE_TYPE),
        number(device, CL_DEVICE_AVAILABLE) != 0,
        number(device, CL_DEVICE_COMPILER_AVAILABLE) != 0,
        number(device, CL_DEVICE_ENDIAN_LITTLE) != 0,
        hasDoubles(device),
        (number(device, CL_DEVICE_SINGLE_FP_CONFIG) & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0,
        number(device, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0,
        number(device, CL_DEVICE_GLOBAL_MEM_SIZE),
        number(device, CL_DEVICE_LOCAL_MEM_SIZE),
        number(device, CL_DEVICE_MAX_WORK_GROUP_SIZE));
  }

  private static boolean hasDoubles(cl_device_id device) {
    if (text(device, CL_DEVICE_EXTENSIONS).contains("cl_khr_fp64")) {
      return true;
    }
    try {
      return number(device, CL_DEVICE_DOUBLE_FP_CONFIG) != 0;
    } catch (CLException e) {
      return false; // before OpenCL 1.2 only devices with doubles knew the question
    }
  }

  private static long number(cl_device_id device, int what) {
    long[] size = new long[1];
    clGetDeviceInfo(device, what, 0, null, size);
    long[] value = new long[1]; // a narrower answer fills the low bytes: hosts are little endian
    clGetDeviceInfo(device, what, Math.min(size[0], Sizeof.cl_long), Pointer.to(value), null);
    return value[0];
  }

  private static String text(cl_device_id device, int what) {
    long[] size = new long[1];
    clGetDeviceInfo(device, what, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetDeviceInfo(device, what, bytes.length, Pointer.to(bytes), null);
    return text(bytes);
  }

  /** C's text: up to the zero byte, if there is one. */
  private static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8).strip();
  }
}
