package dev.bulwark.tensor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamWUpdate;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Buffer;
import dev.bulwark.tensor.backend.HeapPool;
import dev.bulwark.tensor.backend.Kernels;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract holds for every back end found here, and notices when one does not keep it. */
class KernelContractTest {
  @TestFactory
  Stream<DynamicTest> everyUsableBackEndKeepsTheContract() {
    return Backends.all().stream()
        .filter(f -> f.availability().usable())
        .map(f -> f.provider().open())
        .flatMap(b ->
            KernelContract.cases(DType.F32).stream()
                .map(c -> DynamicTest.dynamicTest(b.name() + " " + c, () -> c.check().accept(b))));
  }

  @TestFactory
  Stream<DynamicTest> theReferenceKeepsItInDoubleToo() {
    Backend b = Backends.reference();
    return KernelContract.cases(DType.F64).stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> c.check().accept(b)));
  }

  /** Each kernel in turn leaves one number of one operand one too large. */
  @TestFactory
  Stream<DynamicTest> oneWrongNumberInAnyOperandIsNoticed() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Method m : Kernels.class.getMethods()) {
      for (int i = 0; i < m.getParameterCount(); i++) {
        for (int part = 0; part < tensorsIn(m, i); part++) {
          Mistake mistake = new Mistake(m, i, part);
          tests.add(DynamicTest.dynamicTest(mistake.toString(), () -> assertNoticed(mistake)));
        }
      }
      if (m.getReturnType() != void.class) {
        Mistake mistake = new Mistake(m, -1, 0);
        tests.add(DynamicTest.dynamicTest(mistake.toString(), () -> assertNoticed(mistake)));
      }
    }
    return tests.stream();
  }

  /** Tensors that a parameter holds; of a list, those that each member holds. */
  private static int tensorsIn(Method method, int parameter) {
    Class<?> type = method.getParameterTypes()[parameter];
    boolean ofUpdates =
        type == List.class
            && method.getGenericParameterTypes()[parameter].getTypeName().contains("AdamWUpdate");
    return ofUpdates ? 4 : type == List.class || type == Tensor.class ? 1 : 0;
  }

  /** A kernel whose parameter (part of the last member, if it is a list) or result is wrong. */
  private record Mistake(Method method, int parameter, int part) {
    /** The kernel as cases name it. */
    String kernel() {
      return method.getName() + (method.getParameterTypes()[0] == List.class ? "[]" : "");
    }

    @Override
    public String toString() {
      return kernel() + (parameter < 0 ? "" : " operand " + parameter + " part " + part);
    }
  }

  private static void assertNoticed(Mistake mistake) {
    Backend faulty = new Faulty(mistake);
    List<KernelContract.Case> mine =
        KernelContract.cases(DType.F32).stream()
            .filter(c -> c.name().split(" ")[0].equals(mistake.kernel()))
            .toList();
    assertTrue(!mine.isEmpty(), "no case is about " + mistake.kernel());
    for (KernelContract.Case c : mine) {
      var e = assertThrows(AssertionError.class, () -> c.check().accept(faulty), c.name());
      assertTrue(String.valueOf(e.getMessage()).contains("on 'faulty' with ["), e.getMessage());
    }
  }

  private static Method fill() {
    return Stream.of(Kernels.class.getMethods())
        .filter(m -> m.getName().equals("fill"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void verifyRunsEveryCase() {
    Backend faulty = new Faulty(new Mistake(fill(), 0, 0));
    assertThrows(AssertionError.class, () -> KernelContract.verify(faulty, DType.F32));
  }

  @Test
  void messagesNameCallOperandsPlaceAndBothValues() {
    Mistake wrongFill = new Mistake(fill(), 0, 0);
    KernelContract.Case c =
        KernelContract.cases(DType.F32).stream()
            .filter(x -> x.name().equals("fill F32"))
            .findFirst()
            .orElseThrow();
    var e = assertThrows(AssertionError.class, () -> c.check().accept(new Faulty(wrongFill)));
    assertEquals(
        "fill on 'faulty' with [F32 [] CONTIGUOUS]: operand 0 has 3.5 at place 0 of its memory,"
            + " but the reference 2.5",
        e.getMessage());
  }

  @Test
  void tolerancesTreatNanAndInfinityAsValues() {
    Tolerance close = new Tolerance(0.1, 0.5);
    assertTrue(close.accepts(10, 11.5));
    assertTrue(!close.accepts(10, 11.6));
    assertTrue(close.accepts(Double.NaN, Double.NaN));
    assertTrue(!close.accepts(Double.NaN, 1));
    assertTrue(!close.accepts(1, Double.NaN));
    assertTrue(!close.accepts(1, Double.POSITIVE_INFINITY));
    assertTrue(!close.accepts(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    assertTrue(close.accepts(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY));
  }

  /** The reference with one mistake. */
  private static final class Faulty implements Backend {
    private final Kernels kernels;

    Faulty(Mistake mistake) {
      Kernels right = Backends.reference().kernels();
      this.kernels =
          (Kernels)
              Proxy.newProxyInstance(
                  Kernels.class.getClassLoader(),
                  new Class<?>[] {Kernels.class},
                  (proxy, method, args) -> {
                    Object result = method.invoke(right, args);
                    if (!method.equals(mistake.method())) {
                      return result;
                    }
                    if (mistake.parameter() < 0) {
                      return other(result);
                    }
                    spoil(args[mistake.parameter()], mistake.part());
                    return result;
                  });
    }

    private static Object other(Object result) {
      return switch (result) {
        case Boolean b -> !b;
        case double[] many -> {
          if (many.length > 0) {
            many[many.length - 1]++;
          }
          yield many;
        }
        default -> (double) result + 1;
      };
    }

    private static void spoil(@Nullable Object argument, int part) {
      switch (argument) {
        case Tensor t when t.size() > 0 -> spoil(t);
        case AdamWUpdate u ->
            spoil(List.of(u.parameter(), u.gradient(), u.moment1(), u.moment2()).get(part), 0);
        case List<?> all when !all.isEmpty() -> spoil(all.getLast(), part);
        case null, default -> {}
      }
    }

    /** Changes the last element. */
    private static void spoil(Tensor t) {
      Tensor last = t;
      while (last.rank() > 0) {
        last = last.select(0, last.dim(0) - 1);
      }
      Tensor read = Tensor.empty(last.shape(), DType.F64, Backends.reference());
      Backends.reference().kernels().copy(last, read);
      double value = read.item();
      double other = Double.isFinite(value) ? value + 1 : 0;
      Backends.reference().kernels().fill(last, other);
    }

    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public Kernels kernels() {
      return kernels;
    }

    @Override
    public Buffer allocate(DType dtype, int size) {
      return HeapPool.allocate(this, dtype, size);
    }

    @Override
    public boolean isHost() {
      return true;
    }

    @Override
    public void synchronize() {}
  }
}
