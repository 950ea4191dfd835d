package dev.bulwark.bench.peers;

import java.nio.file.Path;
import java.util.List;

/** Java libraries that multiply matrices: a Maven project of its own, built by hand. */
final class JavaPeers {
  static final List<String> LIBRARIES = List.of("mkl", "openblas", "nd4j", "djl");

  private JavaPeers() {}

  /** Where Maven puts the classes and libraries. */
  static Path target(Path home) {
    return home.resolve("bench/peers/java/target");
  }
}
