package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider;

/**
 * Offers the Vector API back end, or says which flag is missing.
 *
 * <p>This class must load without the incubator module: everything that touches vectors is reached
 * through {@link Holder}.
 */
public final class SimdProvider implements BackendProvider {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String MISSING =
      "the Vector API is not loaded: start java with --add-modules "
          + MODULE
          + " (without it the reference back end runs, some hundred times slower in matrix"
          + " products)";

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public SimdProvider() {}

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Availability probe() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new Availability(false, MISSING);
    }
    try {
      return new Availability(true, Holder.BACKEND.describe());
    } catch (LinkageError | RuntimeException e) {
      return new Availability(false, "the Vector API is there but does not start: " + e);
    }
  }

  @Override
  public Backend open() {
    Availability verdict = probe();
    if (!verdict.usable()) {
      throw new IllegalStateException("back end 'simd' is not usable: " + verdict.reason());
    }
    return Holder.BACKEND;
  }

  private static final class Holder {
    static final SimdBackend BACKEND = new SimdBackend();
  }
}
