package dev.bulwark.kernels.gpu;

/** A piece of device memory. Opaque: only the device that gave it can use it. */
public interface Memory {
  /**
   * Its size.
   *
   * @return bytes
   */
  long bytes();
}
