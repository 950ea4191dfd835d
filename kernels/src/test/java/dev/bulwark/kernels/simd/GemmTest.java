package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Samples.KERNELS;
import static dev.bulwark.kernels.simd.Samples.REFERENCE;
import static dev.bulwark.kernels.simd.Samples.bits;
import static dev.bulwark.kernels.simd.Samples.normal;
import static dev.bulwark.kernels.simd.Samples.unwritten;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.bulwark.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products at the edges of tiles, panels and blocks, and their promise about bits. */
class GemmTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "7, 47, 3",
    "8, 48, 768",
    "9, 49, 1537",
    "130, 100, 769",
    "16, 200, 800",
    "129, 145, 64",
    "3, 2, 768",
    "257, 33, 31",
    "1, 3100, 5"
  })
  void everyOrientationAgreesWithTheReference(int m, int n, int k) {
    for (int turned = 0; turned < 4; turned++) {
      Tensor a = (turned & 1) == 0 ? normal("a", m, k) : normal("a", k, m).transpose(0, 1);
      Tensor b = (turned & 2) == 0 ? normal("b", k, n) : normal("b", n, k).transpose(0, 1);
      Tensor c = normal("c", m, n);
      Tensor expected = c.copy();
      KERNELS.gemm(0.5, a, b, turned == 0 ? 0 : 0.25, c);
      REFERENCE.gemm(0.5, a, b, turned == 0 ? 0 : 0.25, expected);
      assertArrayEquals(expected.toFloats(), c.toFloats(), 2e-6f * k + 1e-5f);
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 7, 768", "64, 768, 100", "200, 3072, 70"})
  void linearAddsTheBiasToEveryRow(int m, int n, int k) {
    Tensor x = normal("x", m, k);
    Tensor w = normal("w", n, k);
    Tensor bias = normal("bias", n);
    Tensor y = unwritten(m, n);
    Tensor expected = unwritten(m, n);
    KERNELS.linear(x, w, bias, y);
    REFERENCE.linear(x, w, bias, expected);
    assertArrayEquals(expected.toFloats(), y.toFloats(), 2e-6f * k);
  }

  @Test
  void aRowHasTheSameBitsInEveryBatch() {
    int n = 200;
    int k = 1600; // three blocks of K
    Tensor x = normal("x", 150, k);
    Tensor w = normal("w", n, k);
    Tensor bias = normal("bias", n);
    Tensor whole = unwritten(150, n);
    KERNELS.linear(x, w, bias, whole);
    for (int rows : new int[] {1, 2, 8, 9, 33, 128}) {
      for (int from : new int[] {0, 5, 22}) {
        Tensor part = unwritten(rows, n);
        KERNELS.linear(x.slice(0, from, from + rows), w, bias, part);
        assertArrayEquals(bits(whole.slice(0, from, from + rows)), bits(part), rows + " rows");
      }
    }
  }

  @Test
  void manySmallProductsAgreeWithOneByOne() {
    Tensor a = normal("a", 24, 33, 40);
    Tensor b = normal("b", 24, 17, 40).transpose(1, 2);
    Tensor c = unwritten(24, 33, 17);
    KERNELS.gemm(1, a, b, 0, c);
    for (int i = 0; i < 24; i++) {
      Tensor one = unwritten(33, 17);
      KERNELS.gemm(1, a.select(0, i), b.select(0, i), 0, one);
      assertArrayEquals(bits(one), bits(c.select(0, i)));
    }
  }

  @Test
  void aNaNOutsideTheOperandsDoesNotLeakIn() {
    Tensor wide = unwritten(40, 60);
    Tensor a = wide.slice(1, 10, 27);
    Tensor b = unwritten(30, 20).slice(0, 3, 20);
    KERNELS.copy(normal("a", 40, 17), a);
    KERNELS.copy(normal("b", 17, 20), b);
    Tensor c = unwritten(40, 20);
    Tensor expected = unwritten(40, 20);
    KERNELS.gemm(1, a, b, 0, c);
    REFERENCE.gemm(1, a, b, 0, expected);
    assertArrayEquals(expected.toFloats(), c.toFloats(), 1e-5f);
  }

  @Test
  void aResultThatIsAlsoAnOperandIsRead() {
    Tensor a = normal("a", 20, 20);
    Tensor b = normal("b", 20, 20);
    Tensor expected = unwritten(20, 20);
    REFERENCE.gemm(1, a, b, 0, expected);
    KERNELS.gemm(1, a, b, 0, a);
    assertArrayEquals(expected.toFloats(), a.toFloats(), 1e-5f);
  }
}
