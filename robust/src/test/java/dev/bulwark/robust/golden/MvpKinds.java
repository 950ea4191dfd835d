package dev.bulwark.robust.golden;

import java.util.Map;

/** Golden cases of Mvp. */
final class MvpKinds {
  private MvpKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of();
  }
}
