package dev.bulwark.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorTest {
  private static final Tensor A = Tensor.of(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6);

  @Test
  void isMadeFromNumbers() {
    assertEquals("f32[2] [1.0, 2.0]", Tensor.of(Shape.of(2), 1f, 2f).toString());
    assertEquals("i32[1] [7.0]", Tensor.of(Shape.of(1), 7).toString());
    assertEquals("f64[65]", Tensor.zeros(Shape.of(65), DType.F64).toString());
    assertEquals(3, Tensor.scalar(3, DType.U8).item());
    assertEquals("f32[3]", Tensor.emptyOnHost(Shape.of(3), DType.F32).describe());
    assertError(
        "shape [2, 2] has 4 elements, but 3 were given", () -> Tensor.of(Shape.of(2, 2), 1f, 2, 3));
  }

  @Test
  void describesItself() {
    assertEquals(2, A.rank());
    assertEquals(3, A.dim(-1));
    assertEquals(6, A.size());
    assertEquals(3, A.stride(0));
    assertEquals(0, A.offset());
    assertSame(A.backend().kernels(), A.kernels());
    assertEquals(A.buffer(), A.heap());
  }

  @Test
  void viewsShareMemory() {
    Tensor t = A.transpose(0, -1);
    assertValues(t, Shape.of(3, 2), 1, 4, 2, 5, 3, 6);
    assertEquals(A.buffer(), t.buffer());
    assertFalse(t.isContiguous());
    assertValues(A.slice(1, 1, 3), Shape.of(2, 2), 2, 3, 5, 6);
    assertValues(A.slice(0, 1, 1), Shape.of(0, 3));
    assertValues(A.select(-1, 2), Shape.of(2), 3, 6);
    assertValues(A.unsqueeze(1), Shape.of(2, 1, 3), 1, 2, 3, 4, 5, 6);
    assertValues(A.unsqueeze(-1), Shape.of(2, 3, 1), 1, 2, 3, 4, 5, 6);
    assertValues(A.unsqueeze(0).squeeze(0), Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    assertValues(A.select(0, 0).expand(Shape.of(2, 3)), Shape.of(2, 3), 1, 2, 3, 1, 2, 3);
    assertSame(A, A.expand(A.shape()));
    assertValues(A.permute(1, 0), Shape.of(3, 2), 1, 4, 2, 5, 3, 6);
    assertTrue(A.slice(0, 1, 2).isContiguous());
    assertTrue(Tensor.zeros(Shape.of(0, 3), DType.F32).transpose(0, 1).isContiguous());
  }

  @Test
  void reshapesWithoutACopyWhereItCan() {
    assertEquals(A.buffer(), A.reshape(3, 2).buffer());
    assertValues(A.reshape(-1), Shape.of(6), 1, 2, 3, 4, 5, 6);
    assertValues(A.reshape(3, -1), Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    assertValues(A.transpose(0, 1).reshape(6), Shape.of(6), 1, 4, 2, 5, 3, 6);
    assertEquals(Shape.of(0, 4), Tensor.zeros(Shape.of(0), DType.F32).reshape(-1, 4).shape());
    assertError(
        "reshape: f64[2, 3] has 6 elements and does not fit [4, -1]", () -> A.reshape(4, -1));
    assertError("reshape: f64[2, 3] has 6 elements and does not fit [5]", () -> A.reshape(5));
    assertError(
        "reshape: f64[2, 3] has 6 elements and does not fit [-1, -1]", () -> A.reshape(-1, -1));
    assertError(
        "reshape: f64[2, 3] has 6 elements and does not fit [-2, -3]", () -> A.reshape(-2, -3));
  }

  @Test
  void viewsSayWhatDoesNotFit() {
    assertError("permute: [0] is not an order of the axes of [2, 3]", () -> A.permute(0));
    assertError("permute: [0, -2] is not an order of the axes of [2, 3]", () -> A.permute(0, -2));
    assertError("slice: range [1, 4) is not inside axis -1 of [2, 3]", () -> A.slice(-1, 1, 4));
    assertError("slice: range [-1, 1) is not inside axis 0 of [2, 3]", () -> A.slice(0, -1, 1));
    assertError("slice: range [2, 1) is not inside axis 0 of [2, 3]", () -> A.slice(0, 2, 1));
    assertError("squeeze: axis 0 of [2, 3] is not of size 1", () -> A.squeeze(0));
    assertError("unsqueeze: no place 3 in shape [2, 3]", () -> A.unsqueeze(3));
    assertError("unsqueeze: no place -4 in shape [2, 3]", () -> A.unsqueeze(-4));
    assertError("expand: [2, 3] does not stretch to [2, 4]", () -> A.expand(Shape.of(2, 4)));
    assertError("expand: [2, 3] has more axes than [3]", () -> A.expand(Shape.of(3)));
  }

  @Test
  void computesElementByElementWithBroadcasting() {
    Tensor column = Tensor.of(Shape.of(2, 1), 10.0, 20);
    assertValues(A.plus(column), Shape.of(2, 3), 11, 12, 13, 24, 25, 26);
    assertValues(A.minus(column), Shape.of(2, 3), -9, -8, -7, -16, -15, -14);
    assertValues(column.div(A.slice(1, 0, 1)), Shape.of(2, 1), 10, 5);
    assertValues(A.times(A), Shape.of(2, 3), 1, 4, 9, 16, 25, 36);
    assertValues(A.plus(1).times(2), Shape.of(2, 3), 4, 6, 8, 10, 12, 14);
    assertValues(A.affine(-1, 1), Shape.of(2, 3), 0, -1, -2, -3, -4, -5);
    assertValues(A.map(Unary.NEG), Shape.of(2, 3), -1, -2, -3, -4, -5, -6);
    Tensor less = A.with(Binary.LT, Tensor.scalar(3, DType.F64));
    assertEquals(DType.U8, less.dtype());
    assertValues(less, Shape.of(2, 3), 1, 1, 0, 0, 0, 0);
    assertError(
        "ADD: f64[2, 3] and f32[2, 3] differ in type; cast one", () -> A.plus(A.cast(DType.F32)));
    assertError(
        "ADD: shapes [2, 3] and [2] do not broadcast: axis -1 is 3 against 2",
        () -> A.plus(Tensor.of(Shape.of(2), 1.0, 2)));
  }

  @Test
  void reducesAxes() {
    assertValues(A.sum(), Shape.of(), 21);
    assertValues(A.sum(0), Shape.of(3), 5, 7, 9);
    assertValues(A.sum(-1), Shape.of(2), 6, 15);
    assertValues(A.sum(0, 1), Shape.of(), 21);
    assertValues(A.max(1), Shape.of(2), 3, 6);
    assertValues(A.mean(1), Shape.of(2), 2, 5);
    assertValues(A.reduce(Reduce.MIN, 0), Shape.of(1, 3), 1, 2, 3);
    assertValues(A.reduce(Reduce.SUM), Shape.of(1, 1), 21);
    assertError("axis 2 does not exist in shape [2, 3]", () -> A.sum(2));
  }

  @Test
  void multipliesMatricesAndBatchesOfThem() {
    assertValues(A.matmul(A.transpose(0, 1)), Shape.of(2, 2), 14, 32, 32, 77);
    Tensor batch = Tensor.of(Shape.of(2, 3, 1), 1.0, 0, 0, 0, 0, 1);
    assertValues(A.matmul(batch), Shape.of(2, 2, 1), 1, 4, 3, 6);
    assertError(
        "matmul: f64[2, 3] times f64[2, 3] needs two matrices of one type with equal inner sizes;"
            + " did you mean the second one transposed?",
        () -> A.matmul(A));
    assertError(
        "matmul: f64[2, 3] times f64[3] needs two matrices of one type with equal inner sizes",
        () -> A.matmul(A.select(0, 0)));
    assertThrows(ShapeException.class, () -> A.matmul(A.transpose(0, 1).cast(DType.F32)));
    assertError(
        "matmul: shapes [3] and [2] do not broadcast: axis -1 is 3 against 2",
        () ->
            Tensor.zeros(Shape.of(3, 1, 1), DType.F32)
                .matmul(Tensor.zeros(Shape.of(2, 1, 1), DType.F32)));
  }

  @Test
  void movesBetweenTypesAndPlaces() {
    assertSame(A, A.to(A.backend()));
    assertSame(A, A.contiguous());
    Tensor t = A.transpose(0, 1);
    assertValues(t.contiguous(), Shape.of(3, 2), 1, 4, 2, 5, 3, 6);
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, t.toFloats());
    assertArrayEquals(new int[] {1, 4, 2, 5, 3, 6}, t.toInts());
    assertEquals(DType.I64, A.cast(DType.I64).dtype());
    assertEquals(Backends.reference(), A.to(Backends.reference()).backend());
  }

  @Test
  void itemNeedsOneElement() {
    assertEquals(6, A.slice(0, 1, 2).slice(1, 2, 3).item());
    assertError("item: f64[2, 3] has 6 elements, not one", A::item);
  }

  @Test
  void readsPartsOfPooledArrays() {
    Tensor big = Tensor.full(Shape.of(1000), DType.F32, 2); // its array is longer than 1000
    assertEquals(1000, big.toFloats().length);
    assertEquals(10, big.slice(0, 990, 1000).toDoubles().length);
  }

  @Test
  void bfloat16RoundsToNearestEven() {
    assertEquals((short) 0x3f80, BFloat16.fromFloat(1));
    assertEquals((short) 0x3f80, BFloat16.fromFloat(0x1.01p0f)); // a tie: to even
    assertEquals((short) 0x3f82, BFloat16.fromFloat(0x1.03p0f)); // a tie: to even
    assertEquals((short) 0x3f81, BFloat16.fromFloat(0x1.010002p0f));
    assertEquals((short) 0x7f80, BFloat16.fromFloat(Float.MAX_VALUE));
    assertEquals((short) 0xff80, BFloat16.fromFloat(Float.NEGATIVE_INFINITY));
    assertTrue(Float.isNaN(BFloat16.toFloat(BFloat16.fromFloat(Float.intBitsToFloat(0x7f800001)))));
    assertEquals(1, BFloat16.toFloat((short) 0x3f80));
  }

  @Test
  void typesKnowTheirWidth() {
    assertEquals(8, DType.I64.bytes());
    assertTrue(DType.BF16.isFloating());
    assertFalse(DType.BF16.isArithmetic());
    assertFalse(DType.U8.isFloating());
    assertTrue(DType.F64.isArithmetic());
  }

  private static void assertValues(Tensor t, Shape shape, double... expected) {
    assertEquals(shape, t.shape());
    assertArrayEquals(expected, t.toDoubles());
  }

  private static void assertError(String message, Executable body) {
    assertEquals(message, assertThrows(ShapeException.class, body).getMessage());
  }
}
