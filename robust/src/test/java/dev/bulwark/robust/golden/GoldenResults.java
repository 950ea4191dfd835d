package dev.bulwark.robust.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Parameter;
import dev.bulwark.tensor.Tensor;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Outputs of a golden case as computed here, compared with what the case expects. */
public final class GoldenResults {
  /** A comparison of its own, for outputs that the case's note exempts from the usual rule. */
  @FunctionalInterface
  public interface Rule {
    /** Fails if the numbers disagree. */
    void check(double[] expected, double[] actual);
  }

  private final Map<String, double[]> values = new HashMap<>();
  private final Map<String, Rule> rules = new HashMap<>();

  /** Numbers of one output. */
  public void put(String name, double... numbers) {
    values.put(name, numbers);
  }

  /** Whole numbers of one output. */
  public void put(String name, int[] numbers) {
    put(name, IntStream.of(numbers).asDoubleStream().toArray());
  }

  /** A tensor. */
  public void put(String name, Tensor t) {
    put(name, t.toDoubles());
  }

  /** Gradients of parameters, each under a prefix and its name; zeros where there is none. */
  public void put(String prefix, Gradients gradients, Collection<Parameter> parameters) {
    for (Parameter p : parameters) {
      put(
          prefix + p.name(),
          gradients.of(p.leaf()).map(Tensor::toDoubles).orElse(new double[p.value().size()]));
    }
  }

  /** Numbers compared by a rule of their own, which the case's notes must ask for. */
  public void put(String name, double[] numbers, Rule rule) {
    put(name, numbers);
    rules.put(name, rule);
  }

  /** Compares every expected output; answers how many. */
  int compare(GoldenCase c) {
    Map<String, GoldenCase.Expected> expected = c.expected();
    expected.forEach((name, e) -> {
      double[] a =
          Objects.requireNonNull(values.get(name), c + ": nothing was computed for '" + name + "'");
      assertEquals(e.values().length, a.length, c + ": size of '" + name + "'");
      Rule rule = rules.get(name);
      if (rule != null) {
        rule.check(e.values(), a);
      } else {
        compare(c, name, e, a);
      }
    });
    return expected.size();
  }

  /** max|a - e| <= rtol * max|e| + atol; whole numbers exactly. */
  private static void compare(GoldenCase c, String name, GoldenCase.Expected e, double[] a) {
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      double x = e.values()[i];
      if (Double.isFinite(x) || !(Double.compare(x, a[i]) == 0)) {
        largest = Math.max(largest, Math.abs(x));
        double off = Math.abs(a[i] - x);
        worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
      }
    }
    double bound = e.exact() ? 0 : c.tolerance("rtol") * largest + c.tolerance("atol");
    if (!(worst <= bound)) {
      fail(
          "%s: '%s' differs by %.3g, more than %.3g (largest %.3g)"
              .formatted(c, name, worst, bound, largest));
    }
  }
}
