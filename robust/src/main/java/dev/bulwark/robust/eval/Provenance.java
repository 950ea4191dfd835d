package dev.bulwark.robust.eval;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where numbers come from: all that is needed to get them again.
 *
 * @param version version of Bulwark, "development" when run from class files
 * @param commit git commit of the checkout it was run from, or null if there is none
 * @param java name and version of the virtual machine
 * @param os operating system, version and architecture
 * @param cores processors that the virtual machine may use
 * @param maxHeapBytes limit of its heap
 * @param backends names of the back ends that computed
 * @param seed of the run
 * @param config every setting by name; values are strings, numbers, booleans, lists or maps of such
 * @param files digests of data and checkpoints
 * @param startedAt when the run began
 * @param seconds how long it took
 */
public record Provenance(
    String version,
    @Nullable String commit,
    String java,
    String os,
    int cores,
    long maxHeapBytes,
    List<String> backends,
    long seed,
    Map<String, Object> config,
    List<FileDigest> files,
    Instant startedAt,
    double seconds) {

  /** Freezes the collections; the settings keep their order. */
  public Provenance {
    backends = List.copyOf(backends);
    config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    files = List.copyOf(files);
  }

  /**
   * The provenance of a run that ends now on this machine.
   *
   * @param backends names of the back ends that computed
   * @param seed of the run
   * @param config every setting by name
   * @param files digests of data and checkpoints
   * @param startedAt when the run began
   * @return the provenance
   */
  public static Provenance here(
      List<String> backends,
      long seed,
      Map<String, Object> config,
      List<FileDigest> files,
      Instant startedAt) {
    Runtime runtime = Runtime.getRuntime();
    return new Provenance(
        Build.version(),
        Build.commit(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        "%s %s (%s)"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        runtime.availableProcessors(),
        runtime.maxMemory(),
        backends,
        seed,
        config,
        files,
        startedAt,
        Duration.between(startedAt, Instant.now()).toMillis() / 1000.0);
  }
}
