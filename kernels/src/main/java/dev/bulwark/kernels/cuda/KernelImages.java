package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.Program;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the driver is given to load: PTX out of the jar, or compiled anew where that is asked for.
 */
final class KernelImages {
  private static final boolean NVRTC = Boolean.getBoolean("bulwark.cuda.nvrtc");

  private KernelImages() {}

  /** A program's PTX as the driver takes it, a zero behind its end. */
  static byte[] of(Program program) {
    String text = NVRTC ? Nvrtc.compile(program) : Ptx.shipped(program);
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
