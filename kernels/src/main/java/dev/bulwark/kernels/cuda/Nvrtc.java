package dev.bulwark.kernels.cuda;

import static jcuda.nvrtc.JNvrtc.*;

import dev.bulwark.kernels.gpu.KernelFailureException;
import dev.bulwark.kernels.gpu.PrivateNatives;
import dev.bulwark.kernels.gpu.Program;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;

/**
 * Compiles kernels at run time, for developers who change them on a machine without nvcc; asked for
 * by {@code -Dbulwark.cuda.nvrtc=true}, and libnvrtc.so.12 must be there.
 */
final class Nvrtc {
  private Nvrtc() {}

  /** PTX of a program's source of now. */
  static String compile(Program program) {
    if (!CudaLibraries.loadNvrtc()) {
      throw new IllegalStateException(
          "bulwark.cuda.nvrtc is set, but libnvrtc.so.12 is not there: install CUDA 12 or leave the"
              + " property out");
    }
    PrivateNatives.load(() -> {
      JNvrtc.setExceptionsEnabled(false);
      return true;
    });
    return compiled(program);
  }

  private static String compiled(Program program) {
    nvrtcProgram handle = new nvrtcProgram();
    check(
        "nvrtcCreateProgram",
        nvrtcCreateProgram(handle, program.source(), program.id(), 0, null, null));
    try {
      String[] options = {"--gpu-architecture=compute_" + Ptx.lowestCapability(program)};
      int result = nvrtcCompileProgram(handle, options.length, options);
      String[] text = new String[1];
      if (result != 0) {
        nvrtcGetProgramLog(handle, text);
        throw new KernelFailureException("program " + program.id() + ": " + text[0]);
      }
      check("nvrtcGetPTX", nvrtcGetPTX(handle, text));
      return Ptx.lowered(text[0]);
    } finally {
      nvrtcDestroyProgram(handle);
    }
  }

  private static void check(String call, int result) {
    if (result != 0) {
      throw new KernelFailureException(call + " answered " + nvrtcGetErrorString(result));
    }
  }
}
