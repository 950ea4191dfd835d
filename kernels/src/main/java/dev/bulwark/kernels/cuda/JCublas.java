package dev.bulwark.kernels.cuda;

import static jcuda.jcublas.JCublas2.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.cudaDataType;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;

/** cuBLAS 12 through JCublas2. */
final class JCublas implements Cublas {
  private static final int F32 = cudaDataType.CUDA_R_32F;

  private final cublasHandle handle = new cublasHandle();
  private final MemorySegment factors = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, 2);
  private final HostAddress alpha = new HostAddress(factors.address());
  private final HostAddress beta = new HostAddress(factors.address() + Float.BYTES);

  JCublas(CUstream stream, long workspace, long bytes) {
    JCublas2.setExceptionsEnabled(false);
    check("cublasCreate", cublasCreate(handle));
    check("cublasSetStream", cublasSetStream(handle, new cudaStream_t(stream)));
    check( // after the stream, which takes the workspace away
        "cublasSetWorkspace", cublasSetWorkspace(handle, new DeviceAddress(workspace), bytes));
  }

  /** Loads JCuda's part of the library. */
  static boolean initialize() {
    JCublas2.initialize();
    return true;
  }

  private static void check(String call, int status) {
    if (status != 0) {
      throw CudaError.ofCublas(call, status);
    }
  }

  @Override
  public void gemm(GemmCall c) {
    factors.setAtIndex(ValueLayout.JAVA_FLOAT, 0, c.alpha());
    factors.setAtIndex(ValueLayout.JAVA_FLOAT, 1, c.beta());
    if (c.count() == 1) {
      one(c);
    } else {
      many(c);
    }
  }

  private void one(GemmCall c) {
    check(
        "cublasGemmEx",
        cublasGemmEx_new(
            handle,
            c.firstOperation(),
            c.secondOperation(),
            c.m(),
            c.n(),
            c.k(),
            alpha,
            new DeviceAddress(c.first().address()),
            F32,
            c.first().leading(),
            new DeviceAddress(c.second().address()),
            F32,
            c.second().leading(),
            beta,
            new DeviceAddress(c.result().address()),
            F32,
            c.result().leading(),
            c.computeType(),
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT));
  }

  private void many(GemmCall c) {
    check(
        "cublasGemmStridedBatchedEx",
        cublasGemmStridedBatchedEx_new(
            handle,
            c.firstOperation(),
            c.secondOperation(),
            c.m(),
            c.n(),
            c.k(),
            alpha,
            new DeviceAddress(c.first().address()),
            F32,
            c.first().leading(),
            c.first().stride(),
            new DeviceAddress(c.second().address()),
            F32,
            c.second().leading(),
            c.second().stride(),
            beta,
            new DeviceAddress(c.result().address()),
            F32,
            c.result().leading(),
            c.result().stride(),
            c.count(),
            c.computeType(),
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT));
  }

  @Override
  public void close() {
    check("cublasDestroy", cublasDestroy(handle));
  }
}
