package dev.bulwark.bench.peers;

/** A side that cannot do its part: it is not installed, died, or answered with an error. */
final class WorkerException extends Exception {
  private static final long serialVersionUID = 1L;

  WorkerException(String message) {
    super(message);
  }
}
