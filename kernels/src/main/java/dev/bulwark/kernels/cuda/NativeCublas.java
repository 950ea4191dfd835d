package dev.bulwark.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * cuBLAS without JCublas, which asks for version 12 by name: the few functions that are needed have
 * the same arguments in version 13.
 */
final class NativeCublas implements Cublas {
  private static final int F32 = 0; // CUDA_R_32F
  private static final int DEFAULT_ALGORITHM = -1; // CUBLAS_GEMM_DEFAULT

  private final MethodHandle gemm;
  private final MethodHandle batched;
  private final MethodHandle destroy;
  private final long handle;
  private final MemorySegment alpha = Arena.ofAuto().allocate(JAVA_FLOAT);
  private final MemorySegment beta = Arena.ofAuto().allocate(JAVA_FLOAT);

  NativeCublas(SymbolLookup library, long stream, long workspace, long bytes) {
    MethodHandle create = function(library, "cublasCreate_v2", ADDRESS);
    MethodHandle setStream = function(library, "cublasSetStream_v2", JAVA_LONG, JAVA_LONG);
    MethodHandle setWorkspace =
        function(library, "cublasSetWorkspace_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    destroy = function(library, "cublasDestroy_v2", JAVA_LONG);
    gemm =
        function(
            library,
            "cublasGemmEx",
            JAVA_LONG, // handle
            JAVA_INT, // transpositions
            JAVA_INT,
            JAVA_INT, // m, n, k
            JAVA_INT,
            JAVA_INT,
            ADDRESS, // alpha
            JAVA_LONG, // first: address, type, leading dimension
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG, // second
            JAVA_INT,
            JAVA_INT,
            ADDRESS, // beta
            JAVA_LONG, // result
            JAVA_INT,
            JAVA_INT,
            JAVA_INT, // how to compute, algorithm
            JAVA_INT);
    batched =
        function(
            library,
            "cublasGemmStridedBatchedEx",
            JAVA_LONG, // handle
            JAVA_INT, // transpositions
            JAVA_INT,
            JAVA_INT, // m, n, k
            JAVA_INT,
            JAVA_INT,
            ADDRESS, // alpha
            JAVA_LONG, // first: address, type, leading dimension, stride
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG, // second
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            ADDRESS, // beta
            JAVA_LONG, // result
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT, // count, how to compute, algorithm
            JAVA_INT,
            JAVA_INT);
    MemorySegment out = Arena.ofAuto().allocate(JAVA_LONG);
    call("cublasCreate", create, out);
    handle = out.get(JAVA_LONG, 0);
    call("cublasSetStream", setStream, handle, stream);
    call("cublasSetWorkspace", setWorkspace, handle, workspace, bytes); // after the stream
  }

  @SuppressWarnings("restricted") // calling NVIDIA's library is what this class is for
  private static MethodHandle function(
      SymbolLookup library, String name, MemoryLayout... arguments) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(() -> new IllegalStateException("cuBLAS has no function " + name));
    return Linker.nativeLinker()
        .downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static void call(String name, MethodHandle function, Object... arguments) {
    int status;
    try {
      status = (int) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e); // a native function throws nothing
    }
    if (status != 0) {
      throw CudaError.ofCublas(name, status);
    }
  }

  @Override
  public void gemm(GemmCall c) {
    alpha.set(JAVA_FLOAT, 0, c.alpha());
    beta.set(JAVA_FLOAT, 0, c.beta());
    int status;
    try {
      status = c.count() == 1 ? one(c) : many(c);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a matrix product", e); // a native function throws nothing
    }
    if (status != 0) {
      throw CudaError.ofCublas("cublasGemmEx", status);
    }
  }

  private int one(GemmCall c) throws Throwable {
    return (int)
        gemm.invokeExact(
            handle,
            c.firstOperation(),
            c.secondOperation(),
            c.m(),
            c.n(),
            c.k(),
            alpha,
            c.first().address(),
            F32,
            c.first().leading(),
            c.second().address(),
            F32,
            c.second().leading(),
            beta,
            c.result().address(),
            F32,
            c.result().leading(),
            c.computeType(),
            DEFAULT_ALGORITHM);
  }

  private int many(GemmCall c) throws Throwable {
    return (int)
        batched.invokeExact(
            handle,
            c.firstOperation(),
            c.secondOperation(),
            c.m(),
            c.n(),
            c.k(),
            alpha,
            c.first().address(),
            F32,
            c.first().leading(),
            c.first().stride(),
            c.second().address(),
            F32,
            c.second().leading(),
            c.second().stride(),
            beta,
            c.result().address(),
            F32,
            c.result().leading(),
            c.result().stride(),
            c.count(),
            c.computeType(),
            DEFAULT_ALGORITHM);
  }

  @Override
  public void close() {
    call("cublasDestroy", destroy, handle);
  }
}
