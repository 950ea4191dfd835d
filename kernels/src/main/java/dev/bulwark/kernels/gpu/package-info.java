/**
 * A back end for any GPU: everything but the binding to a driver.
 *
 * <p>Start with {@link dev.bulwark.kernels.gpu.Device}, the little that a binding provides, and
 * {@link dev.bulwark.kernels.gpu.GpuBackend}, which makes a back end of it. {@link
 * dev.bulwark.kernels.gpu.GpuKernels} hands each call to the file that knows it; each file checks
 * operands, chooses a grid and queues kernels through {@link dev.bulwark.kernels.gpu.Work}, the one
 * door to the device, where launches are checked against the kernel's signature, serialised and
 * counted.
 *
 * <p>The kernels are one source for CUDA and OpenCL: {@code .bk} files beside this package's
 * resources, in the dialect of {@code dialect.h}; a {@link dev.bulwark.kernels.gpu.Program} is one
 * file, perhaps with a constant set.
 *
 * <p>Promises: nothing is computed on the CPU; one queue, so no events are needed; sums have a
 * fixed order and no atomics are used, so a device gives the same bits each time; random bits are
 * those of every other back end. Kernels compute in F32; F64 tensors can be filled, copied and
 * converted only.
 */
@NullMarked
package dev.bulwark.kernels.gpu;

import org.jspecify.annotations.NullMarked;
