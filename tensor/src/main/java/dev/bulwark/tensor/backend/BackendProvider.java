package dev.bulwark.tensor.backend;

import java.util.List;

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
   * @return rank; the reference back end has 0, and what is below it must be asked for by name
   */
  int rank();

  /**
   * Whether its tensors live on the Java heap, see {@link Backend#isHost}.
   *
   * @return true for the CPU's back ends
   */
  default boolean isHost() {
    return true;
  }

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
   * The devices of this provider, usable or not, in the order of their numbers. Never throws.
   *
   * @return devices; one of the provider's own name where there are no numbers
   */
  default List<DeviceReport> devices() {
    return List.of(new DeviceReport(name(), probe()));
  }

  /**
   * Opens the back end on a device.
   *
   * @param number its place in {@link #devices}
   * @return the back end; the same object each time
   * @throws IllegalStateException if there is no such device, or it is not usable
   */
  default Backend open(int number) {
    if (number != 0) {
      throw new IllegalStateException("back end '" + name() + "' has no device " + number);
    }
    return open();
  }

  /**
   * A device with its verdict.
   *
   * @param name as it is chosen, such as "cuda:1"
   * @param availability whether it works and what it is
   */
  record DeviceReport(String name, Availability availability) {}

  /**
   * A verdict with its reason.
   *
   * @param usable whether {@link #open} will work
   * @param reason what was found, or what is missing and how to get it
   */
  record Availability(boolean usable, String reason) {}
}
