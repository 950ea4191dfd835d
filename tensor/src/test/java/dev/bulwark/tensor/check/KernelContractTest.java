package dev.bulwark.tensor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
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
        if (m.getParameterTypes()[i] == Tensor.class) {
          int operand = i;
          String name = m.getName() + " operand " + i;
          tests.add(DynamicTest.dynamicTest(name, () -> assertNoticed(m, operand)));
        }
      }
      if (m.getReturnType() != void.class) {
        tests.add(DynamicTest.dynamicTest(m.getName(), () -> assertNoticed(m, -1)));
      }
    }
    return tests.stream();
  }

  private static void assertNoticed(Method method, int operand) {
    Backend faulty = new Faulty(method, operand);
    List<KernelContract.Case> mine =
        KernelContract.cases(DType.F32).stream()
            .filter(c -> c.name().split(" ")[0].equals(method.getName()))
            .toList();
    assertTrue(!mine.isEmpty(), "no case is about " + method.getName());
    for (KernelContract.Case c : mine) {
      var e = assertThrows(AssertionError.class, () -> c.check().accept(faulty), c.name());
      assertTrue(String.valueOf(e.getMessage()).contains("on 'faulty' with ["), e.getMessage());
    }
  }

  @Test
  void verifyRunsEveryCase() {
    Backend faulty = new Faulty(Kernels.class.getMethods()[0], 0);
    assertThrows(AssertionError.class, () -> KernelContract.verify(faulty, DType.F32));
  }

  @Test
  void messagesNameCallOperandsPlaceAndBothValues() throws NoSuchMethodException {
    Method fill = Kernels.class.getMethod("fill", Tensor.class, double.class);
    KernelContract.Case c =
        KernelContract.cases(DType.F32).stream()
            .filter(x -> x.name().equals("fill F32"))
            .findFirst()
            .orElseThrow();
    var e = assertThrows(AssertionError.class, () -> c.check().accept(new Faulty(fill, 0)));
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

    Faulty(Method wrong, int operand) {
      Kernels right = Backends.reference().kernels();
      this.kernels =
          (Kernels)
              Proxy.newProxyInstance(
                  Kernels.class.getClassLoader(),
                  new Class<?>[] {Kernels.class},
                  (proxy, method, args) -> {
                    Object result = method.invoke(right, args);
                    if (!method.equals(wrong)) {
                      return result;
                    }
                    if (operand < 0) {
                      return result instanceof Boolean b ? (Object) !b : (double) result + 1;
                    }
                    if (args[operand] instanceof Tensor t && t.size() > 0) {
                      spoil(t);
                    }
                    return result;
                  });
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
