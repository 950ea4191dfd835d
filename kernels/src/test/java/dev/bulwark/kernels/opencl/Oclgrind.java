package dev.bulwark.kernels.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * oclgrind as the only OpenCL device of this process. Its own launcher crashes a JVM, so the
 * process starts with {@code OCL_ICD_VENDORS} naming a folder, and here a file that names
 * oclgrind's library is put there before OpenCL is touched.
 */
final class Oclgrind {
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/oclgrind", "/usr/local/lib/oclgrind", "/usr/lib64/oclgrind", "/usr/local/lib");

  private Oclgrind() {}

  /** The device; ends the test with a reason where there is none. */
  static OpenClDevices devices() throws IOException {
    @Nullable String folder = System.getenv("OCL_ICD_VENDORS");
    assumeTrue(
        folder != null && System.getenv("OCLGRIND_LOG") != null,
        "not started for oclgrind: run by Maven, whose 'oclgrind' execution sets the environment");
    Optional<Path> library =
        PLACES.stream()
            .map(p -> Path.of(p, "liboclgrind-rt-icd.so"))
            .filter(Files::exists)
            .findFirst();
    assumeTrue(library.isPresent(), "oclgrind is not installed (package oclgrind)");
    Files.createDirectories(Path.of(folder));
    Files.writeString(Path.of(folder, "oclgrind.icd"), library.orElseThrow() + "\n");
    OpenClDevices found = OpenClProvider.found();
    assumeTrue(!found.isEmpty(), found.describe());
    return found;
  }

  /** All that oclgrind has complained of so far. */
  static String log() throws IOException {
    Path log = Path.of(System.getenv("OCLGRIND_LOG"));
    return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
  }
}
