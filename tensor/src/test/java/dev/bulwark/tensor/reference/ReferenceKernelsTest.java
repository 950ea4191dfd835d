package dev.bulwark.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Reduce;
import org.junit.jupiter.api.Test;

/** What each kernel promises, on numbers small enough to work out by hand. */
class ReferenceKernelsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final Kernels K = Backends.reference().kernels();

  @Test
  void copyConvertsBetweenAllTypes() {
    double[] values = {0, 1.5, -1.5, 300, -1, 3e9, 1e19, NAN, -INF};
    Tensor x = f64(values);
    assertValues(x.cast(DType.F64), values);
    assertValues(x.cast(DType.F32), 0, 1.5, -1.5, 300, -1, 3e9, 1e19f, NAN, -INF);
    assertValues(
        x.cast(DType.I32),
        0,
        1,
        -1,
        300,
        -1,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        0,
        Integer.MIN_VALUE);
    assertEquals(3_000_000_000L, x.cast(DType.I64).heap().longs()[5]);
    assertEquals(Long.MAX_VALUE, x.cast(DType.I64).heap().longs()[6]);
    assertValues(x.cast(DType.U8), 0, 1, 255, 44, 255, 255, 255, 0, 0);
    assertValues(x.cast(DType.F16), 0, 1.5, -1.5, 300, -1, INF, INF, NAN, -INF);
  }

  @Test
  void copyBetweenIntegersKeepsAllBitsThatFit() {
    Tensor x = Tensor.empty(Shape.of(3), DType.I64, Backends.reference());
    long[] values = {Long.MAX_VALUE - 1, -2, (1L << 33) + 7};
    System.arraycopy(values, 0, x.heap().longs(), 0, 3);
    Tensor y = x.copy();
    assertEquals(Long.MAX_VALUE - 1, y.heap().longs()[0]);
    assertArrayEquals(new int[] {-2, -2, 7}, x.cast(DType.I32).toInts());
    assertArrayEquals(new int[] {254, 254, 7}, x.cast(DType.U8).toInts());
    assertArrayEquals(new int[] {254, 7}, x.cast(DType.U8).slice(0, 1, 3).cast(DType.I32).toInts());
  }

  @Test
  void integerRunsRefuseFloats() {
    Tensor x = f64(1);
    assertThrows(IllegalArgumentException.class, () -> Runs.loadLongs(x, 0, 1, new long[1], 1));
    assertThrows(IllegalArgumentException.class, () -> Runs.storeLongs(new long[1], 1, x, 0, 1));
  }

  @Test
  void operandsOfOneKernelMustHaveOneShape() {
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> K.affine(f64(1, 2), 1, 0, Tensor.scalar(0, DType.F64)));
    assertEquals("operands of one kernel have shapes [2] and []", e.getMessage());
  }

  @Test
  void comparisonsWithNanAreFalse() {
    Tensor a = f64(NAN, 1, NAN, 2);
    Tensor b = f64(NAN, 1, 0, 1);
    assertValues(a.with(Binary.EQ, b), 0, 1, 0, 0);
    assertValues(a.with(Binary.LT, b), 0, 0, 0, 0);
    assertValues(a.with(Binary.LE, b), 0, 1, 0, 0);
    assertValues(a.with(Binary.MAX, b), NAN, 1, NAN, 2);
  }

  @Test
  void reductionsOverNothingAreDefined() {
    Tensor none = Tensor.zeros(Shape.of(0, 2), DType.F64);
    assertValues(none.reduce(Reduce.SUM, 0), 0, 0);
    assertValues(none.reduce(Reduce.MAX, 0), -INF, -INF);
    assertValues(none.reduce(Reduce.MIN, 0), INF, INF);
    assertValues(f64(1, NAN, 3).reduce(Reduce.MIN), NAN);
    assertEquals(0, K.sumOfSquares(none));
    assertTrue(K.allFinite(none));
    assertTrue(Double.isNaN(none.mean().item()));
  }

  @Test
  void sumsOfFloatsGrowInDouble() {
    Tensor x = Tensor.full(Shape.of(3, 1 << 20), DType.F32, 0.1f);
    assertEquals((float) (0.1f * (double) (1 << 20)), x.sum(1).toFloats()[2]);
    assertEquals(3 * (double) 0.1f * 0.1f * (1 << 20), K.sumOfSquares(x), 1e-4);
    assertFalse(K.allFinite(f64(1, INF)));
  }

  @Test
  void argMaxOfNothingIsMinusOne() {
    Tensor y = Tensor.empty(Shape.of(2), DType.I32, Backends.reference());
    K.argMax(Tensor.zeros(Shape.of(2, 0), DType.F64), y);
    assertArrayEquals(new int[] {-1, -1}, y.toInts());
  }

  @Test
  void gemmWithBetaZeroIgnoresWhatWasThere() {
    Tensor c = Tensor.full(Shape.of(1, 1), DType.F64, NAN);
    K.gemm(2, f64(1, 2).reshape(1, 2), f64(3, 4).reshape(2, 1), 0, c);
    assertValues(c, 22);
    K.gemm(-1, f64(1, 2).reshape(1, 2), f64(3, 4).reshape(2, 1), 0.5, c);
    assertValues(c, 0);
  }

  @Test
  void resultsMayBeOperands() {
    Tensor a = f64(1, 2, 3, 4).reshape(2, 2);
    K.gemm(1, a, a, 0, a);
    assertValues(a, 7, 10, 15, 22);
    Tensor x = f64(1, 2, 3, 4).reshape(2, 2);
    K.gatherRows(x, Tensor.of(Shape.of(2), 1, 0), x);
    assertValues(x, 3, 4, 1, 2);
    K.scatterAddRows(x, Tensor.of(Shape.of(2), 1, 1), x);
    assertValues(x, 3, 4, 5, 8);
    K.gather(x, 1, Tensor.of(Shape.of(2, 2), 1, 0, 1, 1), x);
    assertValues(x, 4, 3, 8, 8);
    K.linear(x, f64(0, 1, 1, 0).reshape(2, 2), null, x);
    assertValues(x, 3, 4, 8, 8);
  }

  @Test
  void indicesOutsideAreAnErrorAndNotARead() {
    Tensor table = f64(1, 2, 3, 4).reshape(2, 2);
    Tensor y = f64(0, 0).reshape(1, 2);
    for (int id : new int[] {-1, 2}) {
      Tensor ids = Tensor.of(Shape.of(1), id);
      Tensor index = Tensor.of(Shape.of(1, 2), id, 0);
      assertThrows(IndexOutOfBoundsException.class, () -> K.gatherRows(table, ids, y));
      assertThrows(IndexOutOfBoundsException.class, () -> K.scatterAddRows(y, ids, table));
      assertThrows(IndexOutOfBoundsException.class, () -> K.gather(table, 0, index, y));
      assertThrows(IndexOutOfBoundsException.class, () -> K.scatterAdd(y, 0, index, table));
    }
  }

  @Test
  void rowsOfMinusInfinityGiveZerosAndNoNan() {
    Tensor x = f64(-INF, -INF, 0, -INF).reshape(2, 2);
    Tensor y = x.copy();
    K.softmax(x, y);
    assertValues(y, 0, 0, 1, 0);
    K.logSoftmax(x, y);
    assertValues(y, -INF, -INF, 0, -INF);
  }

  @Test
  void softmaxSurvivesLargeLogitsAndShowsBadOnes() {
    Tensor x = f64(1e4, 1e4, -1e4, INF, 0, 0, NAN, 0, 0).reshape(3, 3);
    K.softmax(x, x);
    assertValues(x, 0.5, 0.5, 0, NAN, NAN, NAN, NAN, NAN, NAN);
  }

  @Test
  void crossEntropyIgnoresAndPunishes() {
    Tensor logits = f64(0, 0, 0, -INF, 5, 5, -INF, -INF).reshape(4, 2);
    Tensor labels = Tensor.of(Shape.of(4), 1, 1, -100, 0);
    Tensor losses = f64(9, 9, 9, 9);
    K.crossEntropy(logits, labels, losses);
    assertArrayEquals(new double[] {Math.log(2), INF, 0, INF}, losses.toDoubles(), 1e-15);
    Tensor d = logits.copy();
    K.crossEntropyGrad(logits, labels, f64(2, 1, 7, 1), d);
    assertArrayEquals(new double[] {1, -1, 1, -1, 0, 0, -1, 0}, d.toDoubles(), 1e-15);
  }

  @Test
  void layerNormUsesTheBiasedVariance() {
    Tensor x = f64(1, 3).reshape(1, 2);
    Tensor mean = f64(0);
    Tensor rstd = f64(0);
    Tensor y = x.copy();
    K.layerNorm(x, f64(2, 1), f64(0, 10), 0, y, mean, rstd);
    assertValues(y, -2, 11);
    assertValues(mean, 2);
    assertValues(rstd, 1);
  }

  @Test
  void attentionSeesOnlyItsOwnSequenceAndDropsByTheStatedWords() {
    Rng rng = Rng.seed(5);
    double p = 0.4;
    AttentionSpec spec = new AttentionSpec(new int[] {0, 2, 5}, 0, p, rng); // equal scores
    Tensor ones = Tensor.full(Shape.of(5, 1, 1), DType.F64, 1);
    Tensor v = f64(1, 10, 100, 1000, 10000).reshape(5, 1, 1);
    Tensor out = v.copy();
    Tensor logSums = f64(0, 0, 0, 0, 0).reshape(5, 1);
    K.attention(spec, ones, ones, v, null, out, logSums);
    double[] expected = new double[5];
    for (int i = 0; i < 5; i++) {
      int first = i < 2 ? 0 : 2;
      int length = i < 2 ? 2 : 3;
      long base = i < 2 ? 0 : 2 * 4; // one head, two rows of two words rounded up to four
      for (int j = 0; j < length; j++) {
        long element = base + (i - first) * 4L + j;
        if (Integer.compareUnsigned(rng.bits(element), Rng.threshold(p)) >= 0) {
          expected[i] += Math.pow(10, first + j) / length / (1 - p);
        }
      }
    }
    assertArrayEquals(expected, out.toDoubles(), 1e-9);
    assertArrayEquals(
        new double[] {Math.log(2), Math.log(2), Math.log(3), Math.log(3), Math.log(3)},
        logSums.toDoubles(),
        1e-15);
  }

  @Test
  void attentionToNoKeyGivesZerosAndNoGradient() {
    AttentionSpec spec = new AttentionSpec(new int[] {0, 2}, 1, 0, Rng.seed(5));
    Tensor x = f64(1, 2).reshape(2, 1, 1);
    Tensor bias = f64(-INF, -INF);
    Tensor out = x.copy();
    Tensor logs = f64(0, 0).reshape(2, 1);
    K.attention(spec, x, x, x, bias, out, logs);
    assertValues(out, 0, 0);
    assertValues(logs, -INF, -INF);
    Tensor dq = x.copy();
    Tensor dk = x.copy();
    Tensor dv = x.copy();
    K.attentionGrad(spec, x, x, x, bias, out, logs, x, dq, dk, dv);
    assertValues(dq, 0, 0);
    assertValues(dk, 0, 0);
    assertValues(dv, 0, 0);
  }

  @Test
  void dropoutKeepsTheMeanAndBackwardUsesTheSameMask() {
    Tensor x = Tensor.full(Shape.of(100_000), DType.F64, 1);
    Tensor y = x.copy();
    Tensor dx = x.copy();
    K.dropout(x, 0.25, Rng.seed(3), y);
    K.dropout(x, 0.25, Rng.seed(3), dx);
    assertArrayEquals(y.toDoubles(), dx.toDoubles());
    assertEquals(1, y.mean().item(), 0.01);
    assertEquals(1 / 0.75, y.max().item());
    K.dropout(x, 0, Rng.seed(3), y);
    assertArrayEquals(x.toDoubles(), y.toDoubles());
  }

  @Test
  void firstStepOfAdamWGoesTheLearningRateAgainstTheSign() {
    Tensor p = f64(1, 1);
    Tensor m = f64(0, 0);
    Tensor v = f64(0, 0);
    K.adamW(new AdamW(0.1, 0.9, 0.99, 0, 0.5, 1, 2), p, f64(3, -5), m, v);
    assertArrayEquals(new double[] {0.85, 1.05}, p.toDoubles(), 1e-15);
    assertArrayEquals(new double[] {0.6, -1}, m.toDoubles(), 1e-15);
    assertArrayEquals(new double[] {0.36, 1}, v.toDoubles(), 1e-15);
  }

  @Test
  void specialFunctionsHoldAtTheirEnds() {
    assertEquals(1, Special.erf(INF));
    assertEquals(-1, Special.erf(-7));
    assertTrue(Double.isNaN(Special.erf(NAN)));
    assertEquals(0.8427007929497149, Special.erf(1), 1e-15); // DLMF table 7.23
    assertEquals(0, Special.sigmoid(-800));
    assertEquals(1, Special.sigmoid(800));
    assertEquals(800, Special.softplus(800));
    assertEquals(0, Special.softplus(-800));
  }

  private static Tensor f64(double... values) {
    return Backends.with(Backends.reference(), () -> Tensor.of(Shape.of(values.length), values));
  }

  private static void assertValues(Tensor t, double... expected) {
    assertArrayEquals(expected, t.toDoubles());
  }
}
