package dev.bulwark.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Buffer;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.check.KernelContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each way of attention for every case, whichever the rule would choose. */
class AttentionTest {
  private static final List<Attention.Way> PORTABLE =
      List.of(Attention.Way.PRODUCTS, Attention.Way.TILES);

  /** A back end whose attention goes one way. */
  private record OneWay(GpuBackend gpu, Attention attention) implements Backend {
    @Override
    public String name() {
      return gpu.name();
    }

    @Override
    public Kernels kernels() {
      return (Kernels)
          Proxy.newProxyInstance(
              Kernels.class.getClassLoader(),
              new Class<?>[] {Kernels.class},
              (proxy, method, a) -> {
                switch (method.getName()) {
                  case "attention" ->
                      attention.forward(
                          (AttentionSpec) a[0],
                          (Tensor) a[1],
                          (Tensor) a[2],
                          (Tensor) a[3],
                          (Tensor) a[4],
                          (Tensor) a[5],
                          (Tensor) a[6]);
                  case "attentionGrad" ->
                      attention.backward(
                          (AttentionSpec) a[0],
                          (Tensor) a[1],
                          (Tensor) a[2],
                          (Tensor) a[3],
                          (Tensor) a[4],
                          (Tensor) a[5],
                          (Tensor) a[6],
                          (Tensor) a[7],
                          (Tensor) a[8],
                          (Tensor) a[9],
                          (Tensor) a[10]);
                  default -> {
                    try {
                      return method.invoke(gpu.kernels(), a);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  }
                }
                return null;
              });
    }

    @Override
    public Buffer allocate(DType dtype, int size) {
      return gpu.allocate(dtype, size);
    }

    @Override
    public boolean isHost() {
      return false;
    }

    @Override
    public void synchronize() {
      gpu.synchronize();
    }
  }

  private static OneWay open(Attention.Way way) {
    GpuBackend gpu = OnOpenCl.open();
    return new OneWay(gpu, new Attention(gpu.work(), new Products(gpu.work()), way));
  }

  @TestFactory
  Stream<DynamicTest> contract() {
    return PORTABLE.stream()
        .flatMap(way ->
            KernelContract.cases(DType.F32).stream()
                .filter(c -> c.name().startsWith("attention"))
                .map(c ->
                    DynamicTest.dynamicTest(
                        c.name() + " by " + way, () -> c.check().accept(open(way)))));
  }

  private static Tensor random(String name, int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, Backends.reference());
    t.kernels().uniform(Rng.seed(name.hashCode()), -1, 1, t);
    return t;
  }

  private static final AttentionSpec SPEC =
      new AttentionSpec(new int[] {0, 66, 66, 132, 198, 203}, 0.3, 0.25, Rng.seed(7));

  /** The forward's two results and the backward's three. */
  private static double[][] all(Backend b, int heads, int size, boolean inPlace) {
    int tokens = 203;
    Tensor q = random("q", tokens, heads, size).to(b);
    Tensor k = random("k", tokens, heads, size).to(b);
    Tensor v = random("v", tokens, heads, size).to(b);
    Tensor bias = random("bias", tokens).to(b);
    Tensor dy = random("dy", tokens, heads, size).to(b);
    Tensor y = dy.copy();
    Tensor logs = Tensor.empty(Shape.of(tokens, heads), DType.F32, q.backend());
    b.kernels().attention(SPEC, q, k, v, bias, y, logs);
    double[] result = y.toDoubles();
    Tensor dq = inPlace ? q : q.copy();
    Tensor dk = inPlace ? dy : q.copy();
    Tensor dv = inPlace ? y : q.copy();
    b.kernels().attentionGrad(SPEC, q, k, v, bias, y, logs, dy, dq, dk, dv);
    return new double[][] {
      result, logs.toDoubles(), dq.toDoubles(), dk.toDoubles(), dv.toDoubles()
    };
  }

  private static void assertClose(double[][] expected, double[][] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i], 2e-4, "result " + i);
    }
  }

  /** Sizes that the contract has not: two kinds of tiles, and what only products can do. */
  @Test
  void largeHeadsAndSequencesOfOneLengthAmongOthers() {
    for (int size : new int[] {33, 64, 100, 128, 130}) {
      double[][] expected = all(Backends.reference(), 2, size, false);
      for (Attention.Way way : PORTABLE) {
        assertClose(expected, all(open(way), 2, size, false));
      }
    }
  }

  @Test
  void resultsMayBeOperands() {
    double[][] expected = all(Backends.reference(), 3, 20, false);
    for (Attention.Way way : PORTABLE) {
      assertClose(expected, all(open(way), 3, 20, true));
    }
  }

  @Test
  void allWaysDropTheSame() {
    OneWay tiles = open(Attention.Way.TILES);
    double[][] one = all(open(Attention.Way.PRODUCTS), 2, 16, false);
    assertClose(one, all(tiles, 2, 16, false));
    double[][] again = all(tiles, 2, 16, false);
    assertArrayEquals(all(tiles, 2, 16, false), again); // to the bit
  }

  @Test
  void theTableOfTilesIsUploadedOnce() {
    OneWay b = open(Attention.Way.TILES);
    long before = b.gpu.statistics().uploads();
    all(b, 1, 8, false);
    long first = b.gpu.statistics().uploads() - before;
    all(b, 1, 8, false);
    assertEquals(first - 1, b.gpu.statistics().uploads() - before - first);
  }

  @Test
  void anUnseenSequenceGivesZerosAndANaNItsRowOnly() {
    for (Attention.Way way : PORTABLE) {
      OneWay b = open(way);
      Scope.run(
          "test",
          () -> {
            Tensor x = random("x", 4, 1, 2);
            Tensor q = x.copy();
            q.kernels().fill(q.select(0, 1), Double.NaN);
            Tensor bias =
                Tensor.of(Shape.of(4), 0f, 0f, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
            Tensor y = x.to(b).copy();
            Tensor logs = Tensor.empty(Shape.of(4, 1), DType.F32, y.backend());
            AttentionSpec spec = new AttentionSpec(new int[] {0, 2, 4}, 1, 0, Rng.seed(1));
            Tensor other = x.to(b);
            b.kernels().attention(spec, q.to(b), other, other, bias.to(b), y, logs);
            float[] values = y.toFloats();
            assertTrue(Float.isFinite(values[0]) && Float.isFinite(values[1]), way.name());
            assertTrue(Float.isNaN(values[2]) && Float.isNaN(values[3]), way.name());
            assertArrayEquals(new float[4], Arrays.copyOfRange(values, 4, 8), way.name());
            assertEquals(Float.NEGATIVE_INFINITY, logs.toFloats()[3]);
            assertTrue(Float.isNaN(logs.toFloats()[1]));
          });
    }
  }

  @Test
  void onlyTensorCoresNeedACertainDevice() {
    GpuBackend gpu = OnOpenCl.open();
    for (Program p : Program.values()) {
      assertEquals(!p.name().contains("MMA"), gpu.device().runs(p), p.name());
    }
  }
}
