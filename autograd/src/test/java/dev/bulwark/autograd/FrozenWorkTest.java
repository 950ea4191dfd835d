package dev.bulwark.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Buffer;
import dev.bulwark.tensor.backend.HeapPool;
import dev.bulwark.tensor.backend.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Frozen inputs cost nothing in the backward pass: kernel calls are counted. */
final class FrozenWorkTest {
  /** The reference back end, counting. */
  private static final class Counting implements Backend {
    private final Map<String, Integer> calls = new TreeMap<>();
    private final Kernels kernels =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, arguments) -> {
                  calls.merge(method.getName(), 1, Integer::sum);
                  try {
                    return method.invoke(Backends.reference().kernels(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });

    @Override
    public String name() {
      return "counting";
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

  private Map<String, Integer> callsOfBackward(boolean inputWanted, boolean weightWanted) {
    Counting counting = new Counting();
    return Backends.with(
        counting,
        () -> {
          Tensor data = Tensor.full(Shape.of(4, 3), DType.F32, 0.5);
          Variable x = inputWanted ? Variable.leaf("x", data) : Variable.constant(data);
          Tensor weight = Tensor.full(Shape.of(2, 3), DType.F32, 0.1);
          Variable w = weightWanted ? Variable.leaf("w", weight) : Variable.constant(weight);
          Variable y = Elementwise.gelu(Matmul.linear(x, w, null));
          Tensor seed = Tensor.full(y.shape(), DType.F32, 1);
          counting.calls.clear();
          y.backward(seed, Release.AS_CONSUMED);
          return new TreeMap<>(counting.calls);
        });
  }

  @Test
  void eachFrozenInputSavesItsProduct() {
    assertEquals(Map.of("unaryGrad", 1, "gemm", 2), callsOfBackward(true, true));
    assertEquals(Map.of("unaryGrad", 1, "gemm", 1), callsOfBackward(true, false));
    assertEquals(Map.of("unaryGrad", 1, "gemm", 1), callsOfBackward(false, true));
  }

  @Test
  void sumsOfManyUsesAreMadeInPlace() {
    Counting counting = new Counting();
    Backends.with(
        counting,
        () -> {
          Variable x = Variable.leaf("x", Tensor.full(Shape.of(3), DType.F32, 0.5));
          Variable sum = x.times(2);
          for (int i = 0; i < 9; i++) {
            sum = sum.plus(x.times(2));
          }
          Tensor seed = Tensor.full(sum.shape(), DType.F32, 1);
          counting.calls.clear();
          return sum.backward(seed, Release.AS_CONSUMED);
        });
    assertEquals(Map.of("affine", 10, "addScaled", 9), counting.calls);
  }
}
