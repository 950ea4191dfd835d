package dev.bulwark.robust.method;

import dev.bulwark.robust.objective.Objective;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * All training methods: those that the files of this package list, and those that jars on the class
 * path bring along (see {@link Method.Listing}).
 */
public final class Methods {
  private static final List<Method> ALL =
      ServiceLoader.load(Method.Listing.class, Methods.class.getClassLoader()).stream()
          .flatMap(listing -> listing.get().methods().stream())
          .sorted(
              Comparator.comparing((Method m) -> !m.name().equals("standard"))
                  .thenComparing(Method::name))
          .toList();

  private Methods() {}

  /** Plain cross-entropy, for runs whose methods do not say how a batch becomes gradients. */
  public static Objective plain() {
    return new Standard();
  }

  /** Every method, the plain one first, the others by name. */
  public static List<Method> all() {
    return ALL;
  }

  /**
   * The method of that name.
   *
   * @param name as on the command line
   * @return the method
   * @throws IllegalArgumentException if there is none
   */
  public static Method named(String name) {
    return ALL.stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no method named '"
                    + name
                    + "'; there are "
                    + ALL.stream().map(Method::name).toList()));
  }

  /**
   * A method, or several joined by "+", with settings.
   *
   * @param names such as "freelb" or "mvp+freelb"
   * @param set values by option name; where two of the methods have an option of that name, as
   *     "METHOD.NAME"
   * @return the recipe
   * @throws IllegalArgumentException if a method or option is not known, a value not allowed, or
   *     the methods do not go together
   */
  public static Recipe recipe(String names, Map<String, String> set) {
    List<Method> methods = new ArrayList<>();
    for (String name : names.split("\\+", -1)) {
      Method m = named(name.strip());
      if (methods.contains(m)) {
        throw new IllegalArgumentException("method '" + m.name() + "' is named twice");
      }
      methods.add(m);
    }
    if (methods.size() == 1) {
      return methods.getFirst().recipe(set);
    }
    Map<String, Method> owners = new LinkedHashMap<>();
    set.keySet().forEach(key -> owners.put(key, owner(methods, key)));
    return Recipe.combine(methods.stream().map(m -> m.recipe(share(m, owners, set))).toList());
  }

  /** The settings of one method, without its name in front. */
  private static Map<String, String> share(
      Method method, Map<String, Method> owners, Map<String, String> set) {
    Map<String, String> share = new LinkedHashMap<>();
    String prefix = method.name() + ".";
    set.forEach((key, value) -> {
      if (method.equals(owners.get(key))) {
        share.put(key.startsWith(prefix) ? key.substring(prefix.length()) : key, value);
      }
    });
    return share;
  }

  private static Method owner(List<Method> methods, String key) {
    List<Method> owners =
        methods.stream()
            .filter(m ->
                key.startsWith(m.name() + ".")
                    || m.options().stream().anyMatch(o -> o.name().equals(key)))
            .toList();
    if (owners.size() == 1) {
      return owners.getFirst();
    }
    List<String> names = methods.stream().map(Method::name).toList();
    throw new IllegalArgumentException(
        owners.isEmpty()
            ? "none of the methods " + names + " has an option '" + key + "'"
            : "several of the methods "
                + names
                + " have an option '"
                + key
                + "'; write METHOD."
                + key
                + "=VALUE");
  }
}
