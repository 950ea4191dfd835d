package dev.bulwark.robust.golden;

import java.util.Map;

/** Golden cases of InfoBert. */
final class InfoBertKinds {
  private InfoBertKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of();
  }
}
