package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.backend.BackendProvider.Availability;
import dev.bulwark.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** The back ends of this process and the choice among them. */
public final class Backends {
  private static final ScopedValue<Backend> CHOSEN = ScopedValue.newInstance();

  private Backends() {}

  /**
   * Every provider with its verdict, best first; the reference back end is always last and usable.
   *
   * @return providers and verdicts
   */
  public static List<Found> all() {
    return Holder.ALL;
  }

  /**
   * The back end that new tensors are made on: the one bound by {@link #with}, else the usable one
   * of highest rank.
   *
   * @return the back end
   */
  public static Backend current() {
    return CHOSEN.isBound() ? CHOSEN.get() : Holder.PREFERRED;
  }

  /**
   * The plain-Java back end, the oracle of all others.
   *
   * @return the reference back end
   */
  public static Backend reference() {
    return ReferenceBackend.INSTANCE;
  }

  /**
   * A back end by name.
   *
   * @param name provider name, such as "simd"
   * @return the opened back end
   * @throws IllegalArgumentException if there is none of that name, or it is not usable here
   */
  public static Backend named(String name) {
    for (Found f : all()) {
      if (f.provider().name().equals(name)) {
        if (!f.availability().usable()) {
          throw new IllegalArgumentException(
              "back end '" + name + "' is not usable: " + f.availability().reason());
        }
        return f.provider().open();
      }
    }
    throw new IllegalArgumentException(
        "no back end named '"
            + name
            + "'; there are "
            + all().stream().map(f -> f.provider().name()).toList());
  }

  /**
   * Runs a body with another default back end.
   *
   * @param backend the back end for new tensors
   * @param body what to run
   * @param <T> type of the result
   * @return the body's result
   */
  public static <T> T with(Backend backend, Supplier<T> body) {
    return ScopedValue.where(CHOSEN, backend).call(body::get);
  }

  /**
   * A provider and its verdict.
   *
   * @param provider the provider
   * @param availability whether it works here and why
   */
  public record Found(BackendProvider provider, Availability availability) {}

  private static final class Holder {
    static final List<Found> ALL = find();
    static final Backend PREFERRED =
        ALL.stream()
            .filter(f -> f.availability().usable())
            .findFirst()
            .orElseThrow()
            .provider()
            .open();

    private static List<Found> find() {
      List<Found> found = new ArrayList<>();
      var loader = ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader());
      var each = loader.iterator();
      while (true) {
        try {
          if (!each.hasNext()) {
            break;
          }
          BackendProvider p = each.next();
          found.add(new Found(p, p.probe()));
        } catch (ServiceConfigurationError | LinkageError e) {
          // A provider whose classes do not load is not a reason to fail, but is said aloud.
          System.getLogger("dev.bulwark")
              .log(System.Logger.Level.WARNING, "back end skipped: " + e);
        }
      }
      found.sort(Comparator.comparingInt((Found f) -> -f.provider().rank()));
      BackendProvider reference = ReferenceBackend.provider();
      found.add(new Found(reference, reference.probe()));
      return List.copyOf(found);
    }
  }
}
