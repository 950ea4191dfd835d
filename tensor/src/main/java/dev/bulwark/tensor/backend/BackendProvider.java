package dev.bulwark.tensor.backend;

/**
 * Found by {@link java.util.ServiceLoader}: a back end that may or may not work on this machine.
 */
public interface BackendProvider {
  /**
   * Name of the back end.
   *
   * @return short lower-case name
   */
  String name();

  /**
   * Preference: the usable provider with the highest rank is the default.
   *
   * @return rank; the reference back end has 0
   */
  int rank();

  /**
   * Whether the back end works here. Never throws and always says why.
   *
   * @return the verdict
   */
  Availability probe();

  /**
   * Opens the back end.
   *
   * @return the back end; the same object each time
   * @throws IllegalStateException if {@link #probe} says it is not usable
   */
  Backend open();

  /**
   * A verdict with its reason.
   *
   * @param usable whether {@link #open} will work
   * @param reason what was found, or what is missing and how to get it
   */
  record Availability(boolean usable, String reason) {}
}
