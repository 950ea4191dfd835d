package dev.bulwark.robust.golden;

import java.util.Map;

/** Golden cases of metrics, reports and searches. */
final class EvaluationKinds {
  private EvaluationKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of();
  }
}
