package dev.bulwark.bench.peers;

import java.util.Locale;

/** Foretells the end: work done so far and still to do, in seconds that it was expected to take. */
final class Eta {
  private final double expected;
  private final long start = System.nanoTime();
  private double done;

  /**
   * Starts the clock.
   *
   * @param expected seconds that everything should take
   */
  Eta(double expected) {
    this.expected = expected;
  }

  /** A piece is done that should have taken so many seconds. */
  void add(double seconds) {
    done += seconds;
  }

  @Override
  public String toString() {
    double elapsed = (System.nanoTime() - start) / 1e9;
    double left = done > 0 ? elapsed / done * Math.max(0, expected - done) : expected;
    return "  " + clock(elapsed) + " so far, about " + clock(left) + " to go";
  }

  /** Seconds as 2:03. */
  static String clock(double seconds) {
    long s = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
  }
}
