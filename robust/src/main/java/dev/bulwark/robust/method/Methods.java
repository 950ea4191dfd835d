package dev.bulwark.robust.method;

import java.util.List;

/** All training methods. */
public final class Methods {
  private static final List<Method> ALL =
      List.of(Standard.METHOD, Pgd.FGM, Pgd.METHOD, FreeLb.METHOD);

  private Methods() {}

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
}
