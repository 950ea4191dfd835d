package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import dev.bulwark.kernels.gpu.KernelFailureException;
import org.jocl.CLException;
import org.jspecify.annotations.Nullable;

/**
 * Errors of one device. What was queued after a failed command may have run on numbers that were
 * never written, so after the first failure the device is lost and every call says so.
 */
final class Faults {
  private static final int NVIDIA_ILLEGAL_ACCESS = -9999;

  private final String device;
  private @Nullable String lost;

  Faults(String device) {
    this.device = device;
  }

  /** Fails if the device was lost before. */
  void check() {
    if (lost != null) {
      throw new KernelFailureException(
          device + " is lost to this process since an earlier failure: " + lost);
    }
  }

  boolean isLost() {
    return lost != null;
  }

  /** The exception for a command that failed; the device is lost from now on. */
  KernelFailureException fatal(String what, CLException e) {
    String text = what + " failed on " + device + " with " + name(e) + ": " + advice(e.getStatus());
    if (lost == null) {
      lost = text;
    }
    return new KernelFailureException(text);
  }

  /** Whether memory was too short for a buffer; drivers say so in several ways. */
  static boolean isOutOfMemory(CLException e) {
    return switch (e.getStatus()) {
      case CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL_OUT_OF_RESOURCES,
          CL_OUT_OF_HOST_MEMORY,
          CL_INVALID_BUFFER_SIZE ->
          true;
      default -> false;
    };
  }

  /** Name and number, such as "CL_OUT_OF_RESOURCES (-5)". */
  static String name(CLException e) {
    return stringFor_errorCode(e.getStatus()) + " (" + e.getStatus() + ")";
  }

  private static String advice(int code) {
    return switch (code) {
      case CL_MEM_OBJECT_ALLOCATION_FAILURE, CL_OUT_OF_HOST_MEMORY ->
          "the driver found no memory when it was needed; start again with a smaller batch or"
              + " shorter sequences";
      case CL_OUT_OF_RESOURCES ->
          "out of memory, or a kernel reached outside its memory; start again with a smaller"
              + " batch, or with -Dbulwark.gpu.debug=true to learn which kernel it is";
      case CL_DEVICE_NOT_AVAILABLE,
          CL_INVALID_COMMAND_QUEUE,
          CL_INVALID_CONTEXT,
          CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
          NVIDIA_ILLEGAL_ACCESS ->
          "the driver gave the device up; see the system's log, and start again with"
              + " -Dbulwark.gpu.debug=true to learn which kernel it is";
      default ->
          "a fault in Bulwark or in the driver; start again with -Dbulwark.gpu.debug=true and"
              + " report what it says";
    };
  }
}
