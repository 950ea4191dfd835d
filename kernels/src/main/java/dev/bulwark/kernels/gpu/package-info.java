/**
 * A back end for any GPU: everything but the binding to a driver.
 *
 * <p>Start with {@link dev.bulwark.kernels.gpu.Device}, the little that a binding provides, and
 * {@link dev.bulwark.kernels.gpu.GpuBackend}, which makes a back end of it. {@code GpuKernels}
 * hands each call to the file that knows it:
 *
 * <ul>
 *   <li>{@code Copies}: fill, copy, conversion, to the host and back
 *   <li>{@code Elementwise}: functions of one and two arguments, choice
 *   <li>{@code Reductions}: sum, maximum, minimum over axes; totals of whole tensors. {@code Team}
 *       says how a block shares its threads among rows
 *   <li>{@code Orders}: largest element, running sum, sort; {@code KeySort} sorts keys
 *   <li>{@code Products}: matrix products, by the vendor's library or by our kernel; {@code
 *       Product} is one call, {@code Lines} says how its matrices lie
 *   <li>{@code Indexing}: gather and scatter
 *   <li>{@code Softmaxes}: softmax, its logarithm, cross-entropy
 *   <li>{@code LayerNorms}: layer normalisation
 *   <li>{@code Attention}: chooses a way, see below
 *   <li>{@code Randomness}: dropout and draws
 *   <li>{@code Training}: the optimiser step
 * </ul>
 *
 * <p>Each of them checks operands ({@code Operands}), brings their axes into at most four ({@code
 * View}), copies what is operand and result at the same time where that matters ({@code Overlap}),
 * chooses a {@link dev.bulwark.kernels.gpu.Grid} and queues a kernel through {@code Work}: the one
 * door to the device, where launches are checked against the kernel's signature, serialised and
 * counted. {@code MemoryPool} keeps freed memory, {@code DeviceBuffer} is a tensor's.
 *
 * <p>Attention has three ways. {@code AttentionByProducts} makes the matrix of scores by products,
 * for sequences of one length up to 256 and for heads of more than 128 columns. {@code
 * AttentionByTiles} never makes it, for all else; {@code SequenceTiles} tells its kernels where
 * sequences begin. {@code AttentionByTensorCores} is the forward of the latter in TF32:
 * experimental and off unless {@code bulwark.cuda.mma} is set.
 *
 * <p>The kernels are one source for CUDA and OpenCL: {@code .bk} files among this package's
 * resources, in the dialect of {@code dialect.h}; a {@link dev.bulwark.kernels.gpu.Program} is one
 * file, perhaps with a constant set, {@code KernelSource} reads it, and {@code Codes} names element
 * types and functions for it.
 *
 * <p>Promises: nothing is computed on the CPU; one queue, so no events are needed; sums have a
 * fixed order and no atomics are used, so a device gives the same bits each time; random bits are
 * those of every other back end. Kernels compute in F32; F64 tensors can be filled, copied and
 * converted only. A tensor has at most 2<sup>31</sup> - 2<sup>24</sup> - 1 elements.
 *
 * <p>What has run on a GPU: nothing yet. Tests run on an OpenCL device, be it the CPU, and on a
 * test double of CUDA; PTX is assembled for every GPU that we name; the kernel on tensor cores has
 * been compiled, and no more.
 */
@NullMarked
package dev.bulwark.kernels.gpu;

import org.jspecify.annotations.NullMarked;
