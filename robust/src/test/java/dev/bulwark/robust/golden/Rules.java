package dev.bulwark.robust.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.function.IntPredicate;

/** Comparisons of their own that the notes of cases ask for. */
final class Rules {
  private Rules() {}

  /** What a case expects under a name. */
  static double[] expected(GoldenCase c, String name) {
    return Objects.requireNonNull(c.expected().get(name), name).values();
  }

  private static double bound(GoldenCase c, double[] expected) {
    double largest = 0;
    for (double e : expected) {
      largest = Math.max(largest, Math.abs(e));
    }
    return c.tolerance("rtol") * largest + c.tolerance("atol");
  }

  /** The usual rule, for some entries only. */
  static GoldenResults.Rule where(GoldenCase c, IntPredicate counts) {
    return (e, a) -> {
      double bound = bound(c, e);
      for (int i = 0; i < e.length; i++) {
        if (counts.test(i)) {
          assertEquals(e[i], a[i], bound, c + ", entry " + i);
        }
      }
    };
  }

  /** The usual rule, which a share of the entries may break. */
  static GoldenResults.Rule share(GoldenCase c, double share) {
    return (e, a) -> {
      double bound = bound(c, e);
      int off = 0;
      for (int i = 0; i < e.length; i++) {
        off += Math.abs(e[i] - a[i]) <= bound ? 0 : 1;
      }
      assertTrue(off <= share * e.length, c + ": " + off + " of " + e.length + " entries differ");
    };
  }

  /** An absolute error. */
  static GoldenResults.Rule within(double error) {
    return (e, a) -> {
      for (int i = 0; i < e.length; i++) {
        assertEquals(e[i], a[i], error, "entry " + i);
      }
    };
  }
}
