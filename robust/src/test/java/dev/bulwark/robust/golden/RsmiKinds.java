package dev.bulwark.robust.golden;

import java.util.Map;

/** Golden cases of Rsmi. */
final class RsmiKinds {
  private RsmiKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of();
  }
}
