package dev.bulwark.kernels.cuda;

import jcuda.driver.CUdeviceptr;

/** A place in device memory as JCuda takes it, which offers no way to make one of a number. */
final class DeviceAddress extends CUdeviceptr {
  private static final CUdeviceptr NULL = new CUdeviceptr();

  DeviceAddress(long address) {
    super(NULL, address); // so many bytes on from there
  }

  /** The address that the driver has put in. */
  long handle() {
    return getNativePointer() + getByteOffset();
  }
}
