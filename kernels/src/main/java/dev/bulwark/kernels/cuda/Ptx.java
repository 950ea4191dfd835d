package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * PTX as this project ships it: which source it was compiled from, for which GPUs and drivers.
 *
 * <p>The first line of each file names program and source, so that old PTX cannot run new code. The
 * PTX version is lowered to 7.0, which drivers from CUDA 11.0 on accept, while compilers write
 * their own; a test assembles the result.
 */
final class Ptx {
  /** How to make PTX anew. */
  static final String COMMAND = "mvn -Pptx -pl kernels -am process-test-classes";

  /** Oldest compute capability that we compile for, 10 times the version: Turing. */
  static final int LOWEST_CAPABILITY = 75;

  /** Capability that CUDA-only programs need: Ampere, whose tensor cores take TF32. */
  private static final int TENSOR_CORES = 80;

  private Ptx() {}

  /** Name of a program's resource, beside this class. */
  static String resource(Program program) {
    return program.id() + ".ptx";
  }

  /** Compute capability that a program needs, 10 times the version. */
  static int lowestCapability(Program program) {
    return program.isPortable() ? LOWEST_CAPABILITY : TENSOR_CORES;
  }

  /** First line of PTX compiled from a program of now. */
  static String header(Program program) {
    return "// bulwark program: " + program.id() + " source-sha256: " + hash(program.source());
  }

  private static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** A compiler's output for drivers from CUDA 11.0 on. */
  static String lowered(String compiled) {
    return compiled.replaceFirst("(?m)^\\.version \\d+\\.\\d+", ".version 7.0");
  }

  /** PTX out of the jar, or null. */
  static @Nullable String find(Program program) {
    try (InputStream in = Ptx.class.getResourceAsStream(resource(program))) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * PTX out of the jar.
   *
   * @throws IllegalStateException if there is none, or it was compiled from another source
   */
  static String shipped(Program program) {
    String text = find(program);
    if (text == null || !text.startsWith(header(program) + "\n")) {
      throw new IllegalStateException(
          "program "
              + program.id()
              + (text == null ? " has no PTX" : " was changed after its PTX was made")
              + ": run `"
              + COMMAND
              + "` (needs nvcc)");
    }
    return text;
  }
}
