package dev.bulwark.robust.golden;

/** Computes one kind of golden case with the project's own code. */
@FunctionalInterface
public interface GoldenKind {
  /**
   * Computes a case.
   *
   * @param c inputs, parameters and precision
   * @param to receives every output that the case expects, by name
   */
  void run(GoldenCase c, GoldenResults to);
}
