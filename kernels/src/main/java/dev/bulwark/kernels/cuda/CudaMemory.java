package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.Memory;

/**
 * Memory of a CUDA device.
 *
 * @param address where it begins there
 * @param bytes its size
 */
record CudaMemory(long address, long bytes) implements Memory {}
