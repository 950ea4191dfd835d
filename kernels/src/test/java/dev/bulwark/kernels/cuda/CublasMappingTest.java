package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Product;
import dev.bulwark.tensor.backend.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every mapped call, run by a column-major product of plain loops that refuses what cuBLAS refuses,
 * gives what the row-major product gives.
 */
class CublasMappingTest {
  private static final int[][] SIZES = {
    {1, 1, 1}, {1, 5, 3}, {4, 1, 3}, {4, 5, 1}, {1, 1, 7}, {1, 6, 1}, {3, 1, 1}, {4, 5, 3},
    {2, 2, 2}
  };

  /** Memory whose address says which buffer it is. */
  private record Buffer(float[] values, int number) implements Memory {
    private static final long APART = 1L << 40;

    @Override
    public long bytes() {
      return 4L * values.length;
    }

    long address() {
      return number * APART;
    }
  }

  /** An operand to make: rows dense or columns dense, padded, shifted, repeated or not. */
  private record Form(boolean byColumns, int padding, int offset, boolean repeated) {
    Product.Matrix matrix(int number, int rows, int columns, int count) {
      int dense = byColumns ? rows : columns;
      int lines = byColumns ? columns : rows;
      int apart = dense + padding;
      int batch = repeated ? 0 : lines * apart + padding;
      Buffer buffer =
          new Buffer(random(number, offset + count * (lines * apart + padding)), number);
      return new Product.Matrix(
          buffer, offset, byColumns ? 1 : apart, byColumns ? apart : 1, batch);
    }
  }

  private static float[] random(int seed, int size) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextInt(-8, 9); // small integers: every order of a sum is exact
    }
    return values;
  }

  private static List<Form> forms() {
    List<Form> all = new ArrayList<>();
    for (boolean byColumns : new boolean[] {false, true}) {
      for (int padding : new int[] {0, 3}) {
        for (boolean repeated : new boolean[] {false, true}) {
          all.add(new Form(byColumns, padding, padding == 0 ? 0 : 11, repeated));
        }
      }
    }
    return all;
  }

  @TestFactory
  Stream<DynamicTest> everyOrientationStrideOffsetAndBatch() {
    return Arrays.stream(SIZES)
        .flatMap(s ->
            Stream.of(1, 3)
                .map(count ->
                    DynamicTest.dynamicTest(
                        Arrays.toString(s) + " x " + count, () -> check(s, count))));
  }

  private static void check(int[] s, int count) {
    for (Form a : forms()) {
      for (Form b : forms()) {
        for (Form c : new Form[] {new Form(false, 0, 0, false), new Form(false, 2, 5, false)}) {
          check(
              new Product(
                  s[0],
                  s[1],
                  s[2],
                  count,
                  2,
                  a.matrix(1, s[0], s[2], count),
                  b.matrix(2, s[2], s[1], count),
                  c.padding() == 0 ? 0 : -1,
                  c.matrix(3, s[0], s[1], count),
                  Precision.TF32));
        }
      }
    }
  }

  private static void check(Product p) {
    GemmCall call = CublasMapping.of(p, m -> ((Buffer) m).address());
    assertNotNull(call, p.toString());
    assertEquals(77, call.computeType());
    float[][] buffers = {values(p.a()), values(p.b()), values(p.c()).clone()};
    float[] expected = values(p.c()).clone();
    rowMajor(p, expected);
    columnMajor(call, buffers);
    assertArrayEquals(expected, buffers[2], p.toString());
  }

  private static float[] values(Product.Matrix m) {
    return ((Buffer) m.memory()).values();
  }

  private static void rowMajor(Product p, float[] c) {
    for (int n = 0; n < p.count(); n++) {
      for (int i = 0; i < p.m(); i++) {
        for (int j = 0; j < p.n(); j++) {
          float sum = 0;
          for (int q = 0; q < p.k(); q++) {
            sum += values(p.a())[at(p.a(), n, i, q)] * values(p.b())[at(p.b(), n, q, j)];
          }
          int at = at(p.c(), n, i, j);
          c[at] = p.alpha() * sum + p.beta() * c[at];
        }
      }
    }
  }

  private static int at(Product.Matrix m, int n, int i, int j) {
    return m.offset() + n * m.batch() + i * m.row() + j * m.column();
  }

  private static void columnMajor(GemmCall g, float[][] buffers) {
    assertTrue(g.first().leading() >= (g.transposeFirst() ? g.k() : g.m()), "lda");
    assertTrue(g.second().leading() >= (g.transposeSecond() ? g.n() : g.k()), "ldb");
    assertTrue(g.result().leading() >= g.m(), "ldc");
    for (int n = 0; n < g.count(); n++) {
      for (int i = 0; i < g.m(); i++) {
        for (int j = 0; j < g.n(); j++) {
          float sum = 0;
          for (int q = 0; q < g.k(); q++) {
            sum +=
                (g.transposeFirst()
                        ? load(g.first(), n, q, i, buffers)
                        : load(g.first(), n, i, q, buffers))
                    * (g.transposeSecond()
                        ? load(g.second(), n, j, q, buffers)
                        : load(g.second(), n, q, j, buffers));
          }
          float[] c = buffers[buffer(g.result())];
          int at = at(g.result(), n, i, j);
          c[at] = g.alpha() * sum + g.beta() * c[at];
        }
      }
    }
  }

  private static float load(GemmCall.Operand o, int n, int row, int column, float[][] buffers) {
    return buffers[buffer(o)][at(o, n, row, column)];
  }

  private static int buffer(GemmCall.Operand o) {
    return (int) (o.address() / Buffer.APART) - 1;
  }

  private static int at(GemmCall.Operand o, int n, int row, int column) {
    long first = o.address() % Buffer.APART / 4;
    return (int) (first + n * o.stride() + row + (long) column * o.leading());
  }

  @Test
  void aStrideOfAnAxisOfOneMeansNothing() {
    Buffer x = new Buffer(random(1, 100), 1);
    Buffer y = new Buffer(random(2, 100), 2);
    Buffer z = new Buffer(random(3, 100), 3);
    for (int odd : new int[] {0, 1, 7}) {
      check(
          new Product(
              1,
              5,
              3,
              1,
              1,
              new Product.Matrix(x, 0, odd, 1, 0),
              new Product.Matrix(y, 0, 5, 1, 0),
              0,
              new Product.Matrix(z, 0, odd, 1, 0),
              Precision.TF32));
      check(
          new Product(
              5,
              1,
              3,
              1,
              1,
              new Product.Matrix(x, 0, 3, 1, 0),
              new Product.Matrix(y, 0, 1, odd, 0),
              0,
              new Product.Matrix(z, 0, 4, odd, 0),
              Precision.TF32));
    }
  }

  @Test
  void whatTheLibraryCannotReadIsLeftToOurKernel() {
    Buffer x = new Buffer(random(1, 100), 1);
    Product.Matrix dense = new Product.Matrix(x, 0, 4, 1, 0);
    for (Product.Matrix odd :
        new Product.Matrix[] {
          new Product.Matrix(x, 0, 8, 2, 0), // neither dense
          new Product.Matrix(x, 0, 0, 1, 0), // one row for all
          new Product.Matrix(x, 0, 3, 1, 0), // rows overlap
          new Product.Matrix(x, 12, -4, 1, 0) // backwards
        }) {
      assertNull(mapped(odd, dense, dense));
      assertNull(mapped(dense, odd, dense));
      assertNull(mapped(dense, dense, odd));
    }
    assertNull(mapped(dense, dense, new Product.Matrix(x, 0, 1, 4, 0)), "results by columns");
    assertNotNull(mapped(dense, dense, dense));
  }

  private static @Nullable GemmCall mapped(Product.Matrix a, Product.Matrix b, Product.Matrix c) {
    return CublasMapping.of(new Product(4, 4, 4, 1, 1, a, b, 0, c, Precision.F32), m -> 0);
  }

  @Test
  void eachPrecisionHasItsNumber() {
    Buffer x = new Buffer(random(1, 16), 1);
    Product.Matrix dense = new Product.Matrix(x, 0, 4, 1, 0);
    Map<Precision, Integer> numbers =
        Map.of(Precision.F32, 68, Precision.TF32, 77, Precision.BF16, 75, Precision.F16, 74);
    for (Precision p : Precision.values()) {
      GemmCall call =
          CublasMapping.of(new Product(4, 4, 4, 1, 1, dense, dense, 0, dense, p), m -> 0);
      assertNotNull(call);
      assertEquals(numbers.get(p), call.computeType());
    }
  }
}
