package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.backend.BackendProvider.Availability;
import dev.bulwark.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The back ends of this process and the choice among them.
 *
 * <p>A choice is written {@code auto}, {@code cpu}, a provider's name ({@code simd}, {@code cuda},
 * {@code opencl}, {@code reference}), or a name and a device's number ({@code cuda:1}). {@code
 * auto} takes the best that works: a CUDA device, an OpenCL GPU, the CPU. Anything else is meant:
 * it works or is an error, never something slower.
 *
 * <p>Who says nothing gets what the system property {@code bulwark.device} says, else the
 * environment variable {@code BULWARK_DEVICE}, else {@code auto}.
 */
public final class Backends {
  private static final System.Logger LOG = System.getLogger("dev.bulwark");
  private static final ScopedValue<Backend> CHOSEN = ScopedValue.newInstance();
  private static volatile @Nullable Backend preferred;

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
   * Every usable device with memory of its own, opened: what is to be checked beside the CPU.
   *
   * @return back ends such as "cuda:0" and "opencl:0", best first; empty without a GPU
   */
  public static List<Backend> devices() {
    return all().stream()
        .filter(f -> !f.provider().isHost())
        .flatMap(f -> f.provider().devices().stream())
        .filter(d -> d.availability().usable())
        .map(d -> named(d.name()))
        .toList();
  }

  /**
   * The back end that new tensors are made on: the one bound by {@link #with}, else the one set by
   * {@link #use}, else the one that property, environment or {@code auto} choose.
   *
   * @return the back end
   * @throws IllegalArgumentException if property or environment name one that is not usable
   */
  public static Backend current() {
    if (CHOSEN.isBound()) {
      return CHOSEN.get();
    }
    Backend chosen = preferred;
    if (chosen == null) {
      chosen = named(wish());
      preferred = chosen;
    }
    return chosen;
  }

  private static String wish() {
    String property = System.getProperty("bulwark.device", "");
    String variable = System.getenv("BULWARK_DEVICE");
    return !property.isBlank()
        ? property
        : variable != null && !variable.isBlank() ? variable : "auto";
  }

  /**
   * Sets the back end of the whole process.
   *
   * @param backend the back end for new tensors, on all threads without a {@link #with}
   */
  public static void use(Backend backend) {
    preferred = backend;
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
   * A back end by choice.
   *
   * @param choice see {@link Backends}
   * @return the opened back end
   * @throws IllegalArgumentException if there is none of that name, or it is not usable here
   */
  public static Backend named(String choice) {
    String name = choice.strip().toLowerCase(Locale.ROOT);
    if (name.equals("auto")) {
      return best(f -> f.provider().rank() >= 0).orElseThrow();
    }
    if (name.equals("cpu")) {
      return best(f -> f.provider().isHost()).orElseThrow();
    }
    int colon = name.indexOf(':');
    String provider = colon < 0 ? name : name.substring(0, colon);
    for (Found f : all()) {
      if (f.provider().name().equals(provider)) {
        return open(f, name, colon < 0 ? -1 : number(name.substring(colon + 1), choice));
      }
    }
    throw new IllegalArgumentException(
        "no back end named '"
            + choice
            + "'; there are auto, cpu, "
            + String.join(", ", all().stream().map(f -> f.provider().name()).toList()));
  }

  private static Backend open(Found f, String name, int number) {
    Availability verdict = f.availability();
    if (number >= 0) {
      var devices = f.provider().devices();
      verdict =
          number < devices.size()
              ? devices.get(number).availability()
              : new Availability(
                  false,
                  devices.isEmpty()
                      ? f.availability().reason()
                      : "there is no device of that number; there are "
                          + String.join(
                              ", ",
                              devices.stream().map(BackendProvider.DeviceReport::name).toList()));
    }
    if (!verdict.usable()) {
      throw new IllegalArgumentException(
          "back end '" + name + "' is not usable: " + verdict.reason());
    }
    return number < 0 ? f.provider().open() : f.provider().open(number);
  }

  private static int number(String digits, String choice) {
    try {
      return Integer.parseUnsignedInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + choice + "' does not end in the number of a device, such as cuda:0", e);
    }
  }

  /** The first that opens; one that fails though its probe was content is passed over aloud. */
  private static Optional<Backend> best(java.util.function.Predicate<Found> fits) {
    for (Found f : all()) {
      if (!f.availability().usable() || !fits.test(f)) {
        continue;
      }
      try {
        return Optional.of(f.provider().open());
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "back end ''{0}'' passed over: {1}",
            f.provider().name(),
            e.getMessage());
      }
    }
    return Optional.empty();
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
          LOG.log(System.Logger.Level.WARNING, "back end skipped: " + e);
        }
      }
      found.sort(Comparator.comparingInt((Found f) -> -f.provider().rank()));
      BackendProvider reference = ReferenceBackend.provider();
      found.add(new Found(reference, reference.probe()));
      return List.copyOf(found);
    }
  }
}
