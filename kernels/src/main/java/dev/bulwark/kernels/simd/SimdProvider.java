package dev.bulwark.kernels.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider;
import java.lang.management.ManagementFactory;

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

  private static final String NO_FMA =
      "this processor has no fused multiply-add (or -XX:-UseFMA is set), without which vector"
          + " products are slower than the reference back end";

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
      if (!hasFma()) {
        return new Availability(false, NO_FMA);
      }
      return new Availability(true, Holder.BACKEND.describe());
    } catch (LinkageError | RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause(); // of a failed initialiser
      return new Availability(false, "the Vector API is there but does not start: " + cause);
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

  /** Without the instruction, the Vector API computes each product with big decimals. */
  private static boolean hasFma() {
    var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return machine == null || !"false".equals(machine.getVMOption("UseFMA").getValue());
  }

  private static final class Holder {
    static final SimdBackend BACKEND = new SimdBackend();
  }
}
