package dev.bulwark.robust.golden;

import java.util.Map;

/** Golden cases of Rift. */
final class RiftKinds {
  private RiftKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of();
  }
}
