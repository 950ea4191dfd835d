package dev.bulwark.kernels.cuda;

import jcuda.Pointer;

/** A place in native memory of the host as JCuda takes it. */
final class HostAddress extends Pointer {
  HostAddress(long address) {
    super(address);
  }
}
