/**
 * OpenCL through JOCL: one {@link dev.bulwark.kernels.gpu.Device} a device that the installed
 * platforms name.
 *
 * <p>JOCL's types stay inside this package. Without a platform, or without JOCL on the class path,
 * the provider says so and nothing else changes.
 */
@NullMarked
package dev.bulwark.kernels.opencl;

import org.jspecify.annotations.NullMarked;
