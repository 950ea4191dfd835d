package dev.bulwark.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.check.GradientCheck;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every public op, on random cases of {@link OpCases}. */
final class EveryOpTest {
  private static final int CASES = 24;

  static Set<String> ops() {
    return OpCases.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("ops")
  void gradientMatchesFiniteDifferences(String op) {
    forEachCase(
        op,
        (name, c) ->
            GradientCheck.of(name, c.op())
                .tolerance(2e-8, 2e-6)
                .check(c.inputs().toArray(Tensor[]::new)));
  }

  @ParameterizedTest
  @MethodSource("ops")
  void consumingTheGraphChangesNoBit(String op) {
    forEachCase(
        op,
        (name, c) -> {
          List<double[]> kept = gradients(c, Release.RETAIN, (1 << c.inputs().size()) - 1);
          List<double[]> consumed = gradients(c, Release.AS_CONSUMED, -1);
          for (int i = 0; i < kept.size(); i++) {
            assertArrayEquals(kept.get(i), consumed.get(i), 0, name + ", input " + i);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("ops")
  void freezingSomeInputsLeavesTheOtherGradientsAlone(String op) {
    forEachCase(
        op,
        (name, c) -> {
          int n = c.inputs().size();
          List<double[]> all = gradients(c, Release.AS_CONSUMED, -1);
          for (int chosen = 1; chosen < 1 << n; chosen++) {
            List<double[]> some = gradients(c, Release.AS_CONSUMED, chosen);
            for (int i = 0; i < n; i++) {
              if ((chosen >> i & 1) == 1) {
                assertArrayEquals(all.get(i), some.get(i), 0, name + ", input " + i);
              }
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("ops")
  void singlePrecisionAgreesWithDoublePrecision(String op) {
    forEachCase(
        op,
        (name, c) -> {
          List<double[]> wide = valueAndGradients(c, DType.F64);
          List<double[]> narrow = valueAndGradients(c, DType.F32);
          for (int i = 0; i < wide.size(); i++) {
            double size = Arrays.stream(wide.get(i)).map(Math::abs).max().orElse(0);
            assertArrayEquals(wide.get(i), narrow.get(i), 2e-5 + 2e-5 * size, name + ", part " + i);
          }
        });
  }

  @Test
  void everyPublicOpHasACase() throws Exception {
    Set<String> found = new TreeSet<>();
    Path classes = Path.of(Views.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String packageName = Views.class.getPackageName();
    try (Stream<Path> files = Files.list(classes.resolve(packageName.replace('.', '/')))) {
      for (Path file : files.toList()) {
        String simple = file.getFileName().toString().replace(".class", "");
        if (simple.contains("$") || simple.equals("package-info")) {
          continue;
        }
        Class<?> type = Class.forName(packageName + "." + simple);
        for (Method m : type.getDeclaredMethods()) {
          if (Modifier.isPublic(type.getModifiers()) && Modifier.isPublic(m.getModifiers())) {
            found.add(signature(m));
          }
        }
      }
    }
    assertTrue(found.size() > 60, "only " + found + " were found");
    assertEquals(found, new TreeSet<>(ops()), "public ops against cases in OpCases");
  }

  private static String signature(Method m) {
    return m.getDeclaringClass().getSimpleName()
        + "."
        + m.getName()
        + Arrays.stream(m.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(",", "(", ")"));
  }

  private interface Check {
    void of(String name, OpCases.Case c);
  }

  private static void forEachCase(String op, Check check) {
    Function<Draw, OpCases.Case> draw = Objects.requireNonNull(OpCases.all().get(op));
    for (int i = 0; i < CASES; i++) {
      OpCases.Case c = draw.apply(new Draw(Rng.seed(2026).split(op).split(i)));
      String shapes = c.inputs().stream().map(Tensor::describe).collect(Collectors.joining(", "));
      check.of(op + " case " + i + " of " + shapes, c);
    }
  }

  /** Gradients of the chosen inputs; zeros where an input took no part. */
  private static List<double[]> gradients(OpCases.Case c, Release policy, int chosen) {
    return Scope.call(
        "case",
        () -> {
          List<Variable> in = new ArrayList<>();
          for (int i = 0; i < c.inputs().size(); i++) {
            // a node between leaf and op, so that there is something to consume
            Variable leaf = Variable.leaf("input " + i, c.inputs().get(i));
            in.add((chosen >> i & 1) == 1 ? leaf : leaf.detach());
          }
          List<Variable> copies = in.stream().map(v -> v.needsGradient() ? v.times(1) : v).toList();
          Gradients g = run(c.op().apply(copies), policy);
          return in.stream().map(v -> numbers(g, v)).toList();
        });
  }

  private static List<double[]> valueAndGradients(OpCases.Case c, DType type) {
    return Scope.call(
        "case",
        () -> {
          List<Variable> in =
              c.inputs().stream()
                  .map(t -> Variable.leaf("input", t.cast(type).to(Backends.current())))
                  .toList();
          Variable y = c.op().apply(in);
          List<double[]> all = new ArrayList<>();
          all.add(y.value().toDoubles());
          Gradients g = run(y, Release.AS_CONSUMED);
          in.forEach(v -> all.add(numbers(g, v)));
          return all;
        });
  }

  private static Gradients run(Variable y, Release policy) {
    double[] weights = new double[y.shape().size()];
    Arrays.setAll(weights, i -> Math.sin(1 + i));
    Tensor seed = Tensor.of(y.shape(), weights).cast(y.value().dtype());
    return y.backward(seed, policy);
  }

  private static double[] numbers(Gradients g, Variable v) {
    return g.of(v).map(Tensor::toDoubles).orElse(new double[v.shape().size()]);
  }
}
