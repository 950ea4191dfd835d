package dev.bulwark.robust.golden;

import java.util.Map;

/** Golden cases of Roast. */
final class RoastKinds {
  private RoastKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of();
  }
}
