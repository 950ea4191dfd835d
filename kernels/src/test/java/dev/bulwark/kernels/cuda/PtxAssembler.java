package dev.bulwark.kernels.cuda;

import static jcuda.nvptxcompiler.JNvPTXCompiler.*;

import dev.bulwark.kernels.gpu.PrivateNatives;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/**
 * NVIDIA's PTX compiler, which JCuda's libraries carry inside: makes machine code without a GPU and
 * tells what each kernel needs.
 */
final class PtxAssembler {
  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(\\w+)' for '(\\w+)'.*?"
              + "(\\d+) bytes spill stores, (\\d+) bytes spill loads.*?"
              + "Used (\\d+) registers([^\\n]*)",
          Pattern.DOTALL);
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  static {
    PrivateNatives.load(() -> {
      JNvPTXCompiler.setExceptionsEnabled(false);
      return true;
    });
  }

  private PtxAssembler() {}

  /**
   * What a kernel needs.
   *
   * @param kernel its name
   * @param registers of each thread
   * @param spilled bytes that each thread keeps in memory for want of registers
   * @param shared bytes of each block
   */
  record Needs(String kernel, int registers, int spilled, int shared) {}

  /**
   * Assembles PTX.
   *
   * @param architecture such as "sm_80"
   * @throws IllegalArgumentException if the compiler refuses
   */
  static List<Needs> assemble(String ptx, String architecture) {
    byte[] text = ptx.getBytes(StandardCharsets.US_ASCII);
    nvPTXCompilerHandle handle = new nvPTXCompilerHandle();
    nvPTXCompilerCreate(handle, text.length, Arrays.copyOf(text, text.length + 1));
    try {
      String[] options = {"--gpu-name=" + architecture, "--verbose"};
      int result = nvPTXCompilerCompile(handle, options.length, options);
      if (result != 0) {
        long[] size = new long[1];
        nvPTXCompilerGetErrorLogSize(handle, size);
        byte[] log = new byte[(int) size[0] + 1];
        nvPTXCompilerGetErrorLog(handle, log);
        throw new IllegalArgumentException(
            "PTX does not assemble for " + architecture + " (" + result + "): " + string(log));
      }
      long[] size = new long[1];
      nvPTXCompilerGetInfoLogSize(handle, size);
      byte[] log = new byte[(int) size[0] + 1];
      nvPTXCompilerGetInfoLog(handle, log);
      return parse(string(log));
    } finally {
      nvPTXCompilerDestroy(handle);
    }
  }

  private static String string(byte[] log) {
    return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  private static List<Needs> parse(String log) {
    List<Needs> all = new ArrayList<>();
    Matcher m = KERNEL.matcher(log);
    while (m.find()) {
      Matcher shared = SHARED.matcher(m.group(6));
      all.add(
          new Needs(
              m.group(1),
              Integer.parseInt(m.group(5)),
              Math.max(Integer.parseInt(m.group(3)), Integer.parseInt(m.group(4))),
              shared.find() ? Integer.parseInt(shared.group(1)) : 0));
    }
    return all;
  }
}
