/**
 * Finds out whether a device computes rightly and how fast it is: what {@code bulwark gpu-check}
 * does.
 *
 * <p>Start with {@link dev.bulwark.robust.device.DeviceCheck}. Nothing here knows CUDA or OpenCL:
 * all goes through {@link dev.bulwark.tensor.backend.Backend}.
 */
@NullMarked
package dev.bulwark.robust.device;

import org.jspecify.annotations.NullMarked;
