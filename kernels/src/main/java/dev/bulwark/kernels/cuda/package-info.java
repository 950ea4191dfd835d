/**
 * CUDA: one {@link dev.bulwark.kernels.gpu.Device} a GPU of NVIDIA, by the driver's interface.
 *
 * <p>Start with {@code CudaDevice}. It reaches the driver through {@code CudaApi} and the matrix
 * products through {@code Cublas}, two narrow interfaces in plain types. {@code JCudaApi} and
 * {@code JCublas} implement them by JCuda, whose types stay in this package ({@code DeviceAddress},
 * {@code HostAddress}); {@code NativeCublas} calls version 13, which JCuda does not know. {@code
 * CublasMapping} turns a row-major product into a {@code GemmCall} of a column-major library.
 *
 * <p>{@link dev.bulwark.kernels.cuda.CudaProvider} offers what {@code CudaDevices} finds; {@code
 * CudaLibraries} finds NVIDIA's libraries before it, and {@link
 * dev.bulwark.kernels.gpu.PrivateNatives} loads JCuda's own. {@code Uploads} and {@code Downloads}
 * copy through pinned memory, {@code LaunchArguments} packs what a kernel takes, {@code Resources}
 * gives back what a device took. A {@code CudaError} is what a call answered, {@code CudaFailures}
 * what a user is told of it.
 *
 * <p>Kernels are shipped as PTX, compiled once from the sources of {@code kernels.gpu} ({@code mvn
 * -Pptx}) and read by {@code Ptx}; the driver makes machine code of it for whichever GPU is there.
 * {@code Nvrtc} compiles them anew at run time if that is asked for; {@code KernelImages} chooses.
 * The CUDA runtime is never used, nor the null stream.
 *
 * <p>System properties: {@code bulwark.cuda.path} names a folder with NVIDIA's libraries, {@code
 * bulwark.cuda.nvrtc} compiles kernels at run time, {@code bulwark.cuda.mma} lets attention use
 * tensor cores, {@code bulwark.gpu.debug} waits after each kernel.
 *
 * <p>What has run on a GPU: nothing yet. Tests put a driver of plain Java and a double of the
 * libraries in the place of NVIDIA's; PTX is assembled for the GPUs that we name.
 */
@NullMarked
package dev.bulwark.kernels.cuda;

import org.jspecify.annotations.NullMarked;
