package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Samples.KERNELS;
import static dev.bulwark.kernels.simd.Samples.bits;
import static dev.bulwark.kernels.simd.Samples.ints;
import static dev.bulwark.kernels.simd.Samples.normal;
import static dev.bulwark.kernels.simd.Samples.unwritten;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Results have the same bits with one, two, three and seven threads. */
class ThreadsTest {
  private static final int BEFORE = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(BEFORE);
  }

  @TestFactory
  Stream<DynamicTest> bitsDoNotDependOnTheNumberOfThreads() {
    return Stream.of(
        same("gemm", ThreadsTest::gemm),
        same("batched gemm", ThreadsTest::batched),
        same("weight gradient", ThreadsTest::weightGradient),
        same("column sums", () -> normal("x", 1000, 70).reduce(Reduce.SUM, 0)),
        same("sum of all", () -> normal("x", 300, 301).reduce(Reduce.SUM)),
        same("sums of long rows", () -> normal("x", 3, 40_000).reduce(Reduce.SUM, 1)),
        same("gelu", () -> normal("x", 90_001).map(Unary.GELU)),
        same("softmax", ThreadsTest::softmax),
        same("layer norm", ThreadsTest::layerNormGrad),
        same("scattered rows", ThreadsTest::scatter),
        same("dropout", ThreadsTest::dropout),
        same("attention", ThreadsTest::attention),
        same("adamw", ThreadsTest::adamW),
        DynamicTest.dynamicTest("sum of squares", ThreadsTest::sumOfSquares));
  }

  private static DynamicTest same(String name, Supplier<Tensor> result) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          Parallel.setThreads(1);
          int[] expected = bits(result.get());
          for (int threads : new int[] {2, 3, 7}) {
            Parallel.setThreads(threads);
            assertArrayEquals(expected, bits(result.get()), threads + " threads");
          }
        });
  }

  private static void sumOfSquares() {
    Tensor x = normal("x", 70_000);
    Parallel.setThreads(1);
    double expected = KERNELS.sumOfSquares(x);
    for (int threads : new int[] {2, 3, 7}) {
      Parallel.setThreads(threads);
      assertEquals(expected, KERNELS.sumOfSquares(x), 0.0);
    }
  }

  private static Tensor gemm() {
    Tensor c = unwritten(300, 500);
    KERNELS.linear(normal("x", 300, 900), normal("w", 500, 900), normal("b", 500), c);
    return c;
  }

  private static Tensor weightGradient() {
    Tensor c = unwritten(70, 1000);
    KERNELS.gemm(1, normal("x", 400, 70).transpose(0, 1), normal("d", 400, 1000), 0, c);
    return c;
  }

  private static Tensor batched() {
    Tensor c = unwritten(50, 33, 30);
    KERNELS.gemm(1, normal("a", 50, 33, 64), normal("b", 50, 64, 30), 0, c);
    return c;
  }

  private static Tensor softmax() {
    Tensor y = unwritten(500, 131);
    KERNELS.softmax(normal("x", 500, 131), y);
    return y;
  }

  private static Tensor layerNormGrad() {
    Tensor x = normal("x", 500, 96);
    Tensor gain = normal("gain", 96);
    Tensor all = unwritten(502, 96);
    Tensor mean = unwritten(500);
    Tensor rstd = unwritten(500);
    KERNELS.layerNorm(x, gain, gain, 1e-5, unwritten(500, 96), mean, rstd);
    KERNELS.layerNormGrad(
        normal("d", 500, 96),
        x,
        gain,
        mean,
        rstd,
        all.slice(0, 0, 500),
        all.select(0, 500),
        all.select(0, 501));
    return all;
  }

  private static Tensor scatter() {
    int[] ids = new int[600];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Rng.seed(3).below(i, 20);
    }
    Tensor table = normal("table", 20, 300);
    KERNELS.scatterAddRows(normal("d", 600, 300), ints(ids), table);
    return table;
  }

  private static Tensor dropout() {
    Tensor y = unwritten(40_001);
    KERNELS.dropout(normal("x", 40_001), 0.1, Rng.seed(5), y);
    return y;
  }

  private static Tensor attention() {
    AttentionSpec spec = new AttentionSpec(new int[] {0, 7, 70, 70, 133}, 0.2, 0.1, Rng.seed(6));
    Tensor q = normal("q", 133, 3, 20);
    Tensor k = normal("k", 133, 3, 20);
    Tensor v = normal("v", 133, 3, 20);
    Tensor logSums = unwritten(133, 3);
    Tensor all = unwritten(4, 133, 3, 20);
    Tensor out = all.select(0, 0);
    KERNELS.attention(spec, q, k, v, null, out, logSums);
    KERNELS.attentionGrad(
        spec,
        q,
        k,
        v,
        null,
        out,
        logSums,
        normal("d", 133, 3, 20),
        all.select(0, 1),
        all.select(0, 2),
        all.select(0, 3));
    return all;
  }

  private static Tensor adamW() {
    Tensor p = normal("p", 50_001);
    Tensor moments = Tensor.zeros(Shape.of(2, 50_001), DType.F32);
    KERNELS.adamW(
        new AdamW(1e-3, 0.9, 0.999, 1e-8, 0.01, 1, 1),
        p,
        normal("g", 50_001),
        moments.select(0, 0),
        moments.select(0, 1));
    return p;
  }
}
