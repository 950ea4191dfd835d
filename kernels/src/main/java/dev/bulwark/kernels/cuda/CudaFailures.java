package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.DeviceOutOfMemoryException;
import dev.bulwark.kernels.gpu.KernelFailureException;
import org.jspecify.annotations.Nullable;

/** What a user is told about an error of a device, and whether the device is lost by it. */
final class CudaFailures {
  private final String device;
  private @Nullable String lost;

  CudaFailures(String device) {
    this.device = device;
  }

  /**
   * Refuses a lost device.
   *
   * @throws KernelFailureException with the first failure
   */
  void check() {
    if (lost != null) {
      throw new KernelFailureException(
          device + " is lost since an earlier failure; start the process again. " + lost);
    }
  }

  boolean isLost() {
    return lost != null;
  }

  /**
   * The exception for an error.
   *
   * @param doing what was being done, such as "launching bk_unary"
   * @param last the kernel queued last, if any
   */
  RuntimeException of(CudaError e, String doing, @Nullable String last) {
    if (e.kind() == CudaError.Kind.MEMORY) {
      return new DeviceOutOfMemoryException(device + ", " + doing + ": " + e.getMessage());
    }
    String text = device + " failed, " + doing + ": " + e.getMessage() + ". " + advice(e);
    if (e.kind() == CudaError.Kind.FATAL) {
      lost = text + lastKernel(last);
      return new KernelFailureException(lost + " The device is lost to this process.");
    }
    return new KernelFailureException(text);
  }

  private static String lastKernel(@Nullable String last) {
    return last == null
        ? ""
        : " The kernel queued last was "
            + last
            + ", but kernels run later than they are queued: run again with"
            + " -Dbulwark.gpu.debug=true, which waits after each one, to see which failed.";
  }

  /** By the numbers of the driver's CUresult. */
  private static String advice(CudaError e) {
    return switch (e.number()) {
      case 700, 710, 714, 715, 716, 717, 718, 719 -> // illegal address to launch failed
          "A kernel touched memory that is not its own or broke otherwise: a fault of Bulwark, or"
              + " of the GPU; please report it.";
      case 702 -> // launch timeout
          "A kernel ran longer than a GPU that drives a display allows.";
      case 214, 220, 226, 721 -> // uncorrectable errors of memory or links
          "The GPU reports a hardware error; see nvidia-smi and the kernel's log.";
      case 4, 201, 709 -> // deinitialised, invalid or destroyed context
          "The context is gone: other code of this process has reset or released the device.";
      case 701 -> // launch out of resources
          "The kernel needs more registers or shared memory than this GPU has.";
      case 200, 209, 218, 221, 222 -> // of loading a module
          "The driver cannot compile the kernels; update NVIDIA's driver.";
      case 803 -> // system driver mismatch
          "The driver's parts do not match; restart the machine after an update.";
      default ->
          e.kind() == CudaError.Kind.REFUSED
              ? "The call was refused and the device is well: a fault of Bulwark, please report it."
              : "See nvidia-smi and the kernel's log (Xid).";
    };
  }
}
