package dev.bulwark.robust.cli;

import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Precision;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that computes. */
final class RunOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads of the CPU kernels; results do not depend on it (default: all cores)")
  private int threads;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "where to compute: auto, cpu, cuda[:N], opencl[:N], simd or reference; auto takes a CUDA"
              + " device, else an OpenCL GPU, else the CPU; 'bulwark doctor' lists what is here"
              + " (default: $BULWARK_DEVICE, else auto)")
  private @Nullable String device;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description =
          "how exactly matrix products take their operands on a GPU: f32, tf32, bf16 or f16; sums"
              + " and weights stay f32 (default: f32)")
  private @Nullable String precision;

  @Option(names = "--quiet", description = "no progress")
  private boolean quiet;

  @Option(
      names = "--allow-reference",
      description = "compute on the slow reference back end if the fast one is missing")
  private boolean allowReference;

  boolean quiet() {
    return quiet;
  }

  /** What computes, such as "simd, 512-bit vectors, 2 threads". */
  static String engine() {
    Backend current = Backends.current();
    String what = current.name() + ", " + describe(current);
    return current.precision() == Precision.F32
        ? what
        : what + ", products in " + current.precision().toString().toLowerCase(Locale.ROOT);
  }

  /** What a back end is, as its provider says. */
  static String describe(Backend backend) {
    return Backends.all().stream()
        .flatMap(f -> f.provider().devices().stream())
        .filter(d -> d.name().equals(backend.name()))
        .map(d -> d.availability().reason())
        .findFirst()
        .orElse("");
  }

  /** The back end's name for reports, with the precision where it is not the usual one. */
  static List<String> backends() {
    Backend current = Backends.current();
    return List.of(
        current.precision() == Precision.F32
            ? current.name()
            : current.name() + " " + current.precision().toString().toLowerCase(Locale.ROOT));
  }

  /** Sets threads and device, and refuses to compute on the slow back end unasked. */
  void apply() {
    if (threads < 0) {
      throw new IllegalArgumentException("--threads is " + threads + "; it must be 1 or more");
    }
    if (threads > 0) {
      System.setProperty("bulwark.threads", Integer.toString(threads));
    }
    if (device != null) {
      Backends.use(Backends.named(device));
    }
    if (precision != null) {
      Backends.current().setPrecision(Precision.named(precision));
    }
    boolean asked = allowReference || "reference".equalsIgnoreCase(device);
    if (Backends.current().equals(Backends.reference()) && !asked) {
      String why =
          Backends.all().stream()
              .filter(f -> !f.availability().usable())
              .map(f -> f.provider().name() + ": " + f.availability().reason())
              .reduce((a, b) -> a + "; " + b)
              .orElse("no other back end is on the class path");
      throw new IllegalStateException(
          "only the slow reference back end is usable ("
              + why
              + "); mend that, or pass --allow-reference");
    }
  }
}
