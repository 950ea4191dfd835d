package dev.bulwark.robust.cli;

import dev.bulwark.tensor.backend.Backends;
import picocli.CommandLine.Option;

/** Options of every command that computes. */
final class RunOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads of the CPU kernels; results do not depend on it (default: all cores)")
  private int threads;

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
    String name = Backends.current().name();
    return Backends.all().stream()
        .filter(f -> f.provider().name().equals(name))
        .map(f -> name + ", " + f.availability().reason())
        .findFirst()
        .orElse(name);
  }

  /** Sets the threads and refuses to compute on the slow back end unasked. */
  void apply() {
    if (threads < 0) {
      throw new IllegalArgumentException("--threads is " + threads + "; it must be 1 or more");
    }
    if (threads > 0) {
      System.setProperty("bulwark.threads", Integer.toString(threads));
    }
    if (Backends.current().equals(Backends.reference()) && !allowReference) {
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
