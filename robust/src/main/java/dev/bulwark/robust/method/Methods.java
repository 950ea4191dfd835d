package dev.bulwark.robust.method;

import dev.bulwark.robust.objective.Objective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All training methods. */
public final class Methods {
  private static final List<Method> ALL =
      List.of(
          Standard.METHOD,
          Pgd.FGM,
          Pgd.METHOD,
          FreeLb.METHOD,
          Augment.METHOD,
          InfoBert.METHOD,
          Roast.METHOD,
          RoastPerturbation.METHOD,
          SelectiveUpdate.METHOD,
          Smart.METHOD,
          R3f.METHOD,
          ChildTuning.METHOD,
          WiseFt.METHOD,
          RiftMethods.ASCC,
          RiftMethods.RIFT,
          Ptwd.METHOD,
          Mixout.METHOD,
          Rsmi.METHOD,
          Safer.METHOD,
          Alum.METHOD,
          Trades.METHOD,
          Mvp.METHOD,
          Mvp.CLS_PROMPT,
          Probe.LINEAR,
          Probe.THEN_TUNE);

  private Methods() {}

  /** Plain cross-entropy, for runs whose methods do not say how a batch becomes gradients. */
  public static Objective plain() {
    return new Standard();
  }

  /** Every method, the plain one first. */
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
