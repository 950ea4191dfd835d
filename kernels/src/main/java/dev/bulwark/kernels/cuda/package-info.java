/**
 * CUDA: one {@link dev.bulwark.kernels.gpu.Device} a GPU of NVIDIA, by the driver's interface.
 *
 * <p>Start with {@code CudaDevice}. It reaches the driver through {@code CudaApi} and the matrix
 * products through {@code Cublas}, two narrow interfaces in plain types; {@code JCudaApi} and
 * {@code JCublas} implement them by JCuda, whose types stay in this package. {@code CudaLibraries}
 * finds NVIDIA's libraries, {@code CudaDevices} the devices, {@code CublasMapping} turns a
 * row-major product into a call of a column-major library.
 *
 * <p>Kernels are shipped as PTX, compiled once from the sources of {@code kernels.gpu} ({@code mvn
 * -Pptx}); the driver makes machine code of it for whichever GPU is there. The CUDA runtime is
 * never used, nor the null stream.
 *
 * <p>System properties: {@code bulwark.cuda.path} names a folder with NVIDIA's libraries, {@code
 * bulwark.cuda.nvrtc} compiles kernels at run time, {@code bulwark.gpu.debug} waits after each
 * kernel.
 */
@NullMarked
package dev.bulwark.kernels.cuda;

import org.jspecify.annotations.NullMarked;
