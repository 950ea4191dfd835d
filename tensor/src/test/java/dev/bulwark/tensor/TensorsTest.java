package dev.bulwark.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.tensor.backend.Binary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorsTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final Tensor A = Tensor.of(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6);

  @Test
  void concatJoinsAlongAnyAxisAndAcceptsViews() {
    Tensor b = Tensor.of(Shape.of(3, 1), 7.0, 8, 9).transpose(0, 1); // [1, 3]
    assertValues(Tensors.concat(0, List.of(A, b)), Shape.of(3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertValues(
        Tensors.concat(-1, List.of(A, A.slice(1, 0, 1))), Shape.of(2, 4), 1, 2, 3, 1, 4, 5, 6, 4);
    assertValues(
        Tensors.concat(0, List.of(A.slice(0, 0, 0), A, A.slice(0, 1, 1))),
        Shape.of(2, 3),
        1,
        2,
        3,
        4,
        5,
        6);
  }

  @Test
  void concatKeepsLargeLongs() {
    Tensor big = Tensor.empty(Shape.of(1), DType.I64, A.backend());
    big.heap().longs()[0] = Long.MAX_VALUE - 1;
    Tensor two = Tensors.concat(0, List.of(big, big));
    assertEquals(Long.MAX_VALUE - 1, two.heap().longs()[1]);
  }

  @Test
  void concatSaysWhatDoesNotFit() {
    Tensor wide = Tensor.zeros(Shape.of(2, 4), DType.F64);
    assertError(
        "concat: f64[2, 3] and f64[2, 4] must be equal but for axis 0",
        () -> Tensors.concat(0, List.of(A, wide)));
    assertError(
        "concat: f64[2, 3] and f64[3] must be equal but for axis 0",
        () -> Tensors.concat(0, List.of(A, A.select(0, 0))));
    assertError(
        "concat: f64[2, 3] and f32[2, 3] differ in type; cast one",
        () -> Tensors.concat(0, List.of(A, A.cast(DType.F32))));
    assertError("concat: needs at least one tensor", () -> Tensors.concat(0, List.of()));
    assertError("axis 2 does not exist in shape [2, 3]", () -> Tensors.concat(2, List.of(A)));
  }

  @Test
  void stackAddsAnAxisAnywhere() {
    Tensor p = Tensor.of(Shape.of(2), 1.0, 2);
    Tensor q = Tensor.of(Shape.of(2), 3.0, 4);
    assertValues(Tensors.stack(0, List.of(p, q)), Shape.of(2, 2), 1, 2, 3, 4);
    assertValues(Tensors.stack(-1, List.of(p, q)), Shape.of(2, 2), 1, 3, 2, 4);
    assertError(
        "stack: f64[2] and f64[2, 3] need equal shapes", () -> Tensors.stack(0, List.of(p, A)));
    assertError("stack: needs at least one tensor", () -> Tensors.stack(0, List.of()));
  }

  @Test
  void splitAndChunkGiveViewsThatCoverTheAxis() {
    List<Tensor> parts = Tensors.split(A, 1, 1, 0, 2);
    assertValues(parts.get(0), Shape.of(2, 1), 1, 4);
    assertValues(parts.get(1), Shape.of(2, 0));
    assertValues(parts.get(2), Shape.of(2, 2), 2, 3, 5, 6);
    assertEquals(A.buffer(), parts.get(2).buffer());
    assertValues(Tensors.chunk(A, 0, 2).get(1), Shape.of(1, 3), 4, 5, 6);
    assertError(
        "split: sizes [1, 1] do not add up to axis 1 of f64[2, 3]",
        () -> Tensors.split(A, 1, 1, 1));
    assertError(
        "split: sizes [4, -1] do not add up to axis 1 of f64[2, 3]",
        () -> Tensors.split(A, 1, 4, -1));
    assertError(
        "chunk: f64[2, 3] does not divide into 2 parts on axis 1", () -> Tensors.chunk(A, 1, 2));
    assertError(
        "chunk: f64[2, 3] does not divide into 0 parts on axis 1", () -> Tensors.chunk(A, 1, 0));
  }

  @Test
  void padGrowsBothEnds() {
    assertValues(
        Tensors.pad(A, 1, 1, 2, -1), Shape.of(2, 6), -1, 1, 2, 3, -1, -1, -1, 4, 5, 6, -1, -1);
    assertValues(Tensors.pad(A, 0, 0, 0, 9), Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    assertError(
        "pad: f64[2, 3] cannot grow by -1 and 0 on axis 0", () -> Tensors.pad(A, 0, -1, 0, 0));
  }

  @Test
  void whereBroadcastsAllThree() {
    Tensor condition = A.with(Binary.LT, Tensor.scalar(4, DType.F64));
    Tensor column = Tensor.of(Shape.of(2, 1), 10.0, 20);
    assertValues(Tensors.where(condition, A, column), Shape.of(2, 3), 1, 2, 3, 20, 20, 20);
    assertError("where: f64[2, 3] is no condition; compare first", () -> Tensors.where(A, A, A));
    assertError(
        "where: f64[2, 3] and f32[2, 3] differ in type; cast one",
        () -> Tensors.where(condition, A, A.cast(DType.F32)));
  }

  @Test
  void clampKeepsNan() {
    Tensor x = Tensor.of(Shape.of(5), -INF, -2, 0.5, 9, NAN);
    assertValues(Tensors.clamp(x, -1, 1), Shape.of(5), -1, -1, 0.5, 1, NAN);
  }

  @Test
  void nanAndFiniteAreTold() {
    for (DType t : new DType[] {DType.F32, DType.F64}) {
      Tensor x = Tensor.of(Shape.of(4), NAN, INF, -INF, 1).cast(t);
      assertValues(Tensors.isNan(x), Shape.of(4), 1, 0, 0, 0);
      assertValues(Tensors.isFinite(x), Shape.of(4), 0, 0, 0, 1);
    }
    assertError(
        "isFinite: i32[2] needs F32 or F64; cast it",
        () -> Tensors.isFinite(Tensor.of(Shape.of(2), 1, 2)));
    assertError("not: f64[2, 3] is no condition; compare first", () -> Tensors.not(A));
  }

  @Test
  void gatherRowsTakesIdsOfAnyShape() {
    Tensor ids = Tensor.of(Shape.of(2, 1, 2), 1, 0, 1, 1);
    assertValues(
        Tensors.gatherRows(A, ids), Shape.of(2, 1, 2, 3), 4, 5, 6, 1, 2, 3, 4, 5, 6, 4, 5, 6);
    assertValues(Tensors.gatherRows(A, Tensor.of(Shape.of(), 1)), Shape.of(3), 4, 5, 6);
    assertValues(Tensors.gatherRows(A, Tensor.of(Shape.of(0), new int[0])), Shape.of(0, 3));
    assertError(
        "gatherRows: index 2 at place 1 of i32[2] is not in [0, 2) of f64[2, 3]",
        () -> Tensors.gatherRows(A, Tensor.of(Shape.of(2), 0, 2)));
    assertError(
        "gatherRows: index -1 at place 0 of i32[1] is not in [0, 2) of f64[2, 3]",
        () -> Tensors.gatherRows(A, Tensor.of(Shape.of(1), -1)));
    assertError(
        "gatherRows: f64[2, 3] needs I32 indices; cast them", () -> Tensors.gatherRows(A, A));
    assertError(
        "gatherRows: f64[3] needs rank 2, not 1",
        () -> Tensors.gatherRows(A.select(0, 0), Tensor.of(Shape.of(1), 0)));
  }

  @Test
  void gatherPicksAlongAnAxis() {
    assertValues(
        Tensors.gather(A, 1, Tensor.of(Shape.of(2, 2), 2, 0, 1, 1)), Shape.of(2, 2), 3, 1, 5, 5);
    assertValues(
        Tensors.gather(A, -2, Tensor.of(Shape.of(1, 3), 1, 0, 1)), Shape.of(1, 3), 4, 2, 6);
    assertValues( // an index may cover only part of the other axes
        Tensors.gather(A, 0, Tensor.of(Shape.of(3, 2), 1, 0, 0, 0, 1, 1)),
        Shape.of(3, 2),
        4,
        2,
        1,
        2,
        4,
        5);
    assertError(
        "gather: f64[2, 3] and i32[1] need equal ranks",
        () -> Tensors.gather(A, 0, Tensor.of(Shape.of(1), 0)));
    assertError(
        "gather: f64[2, 3] and i32[1, 4] index is longer than the tensor on axis 1",
        () -> Tensors.gather(A, 0, Tensor.of(Shape.of(1, 4), 0, 0, 0, 0)));
    assertError(
        "gather: index 3 at place 0 of i32[1, 1] is not in [0, 3) of f64[2, 3]",
        () -> Tensors.gather(A, 1, Tensor.of(Shape.of(1, 1), 3)));
  }

  @Test
  void oneHotPutsAOneAtTheIndex() {
    Tensor ids = Tensor.of(Shape.of(2, 1), 2, 0);
    assertValues(Tensors.oneHot(ids, 3, DType.F32), Shape.of(2, 1, 3), 0, 0, 1, 1, 0, 0);
    assertError(
        "oneHot: index 2 at place 0 of i32[2, 1] is not in [0, 2) of f32[2, 1, 2]",
        () -> Tensors.oneHot(ids, 2, DType.F32));
  }

  @Test
  void arangeCounts() {
    assertValues(Tensors.arange(-1, 3), Shape.of(4), -1, 0, 1, 2);
    assertValues(Tensors.arange(3, 3), Shape.of(0));
    assertError("arange: [3, 2) is not a range", () -> Tensors.arange(3, 2));
    assertError(
        "arange: [-2147483648, 2147483647) is not a range",
        () -> Tensors.arange(Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  @Test
  void sortIsStableAndPutsNanAboveAll() {
    Tensor x = Tensor.of(Shape.of(6), 2, NAN, -INF, 2, INF, 1);
    Tensors.Ordered up = Tensors.sort(x, false);
    assertValues(up.values(), Shape.of(6), -INF, 1, 2, 2, INF, NAN);
    assertValues(up.indices(), Shape.of(6), 2, 5, 0, 3, 4, 1);
    assertValues(Tensors.argsort(x, true), Shape.of(6), 1, 4, 0, 3, 5, 2);
    assertError("sort: f64[] is a scalar; it needs an axis", () -> Tensors.sort(A.sum(), true));
  }

  @Test
  void topKIsDescendingWithTheFirstOfEqualsFirst() {
    Tensor x = Tensor.of(Shape.of(2, 4), 1.0, 3, 3, 2, 0, 0, 0, 0);
    Tensors.Ordered top = Tensors.topK(x, 3);
    assertValues(top.values(), Shape.of(2, 3), 3, 3, 2, 0, 0, 0);
    assertValues(top.indices(), Shape.of(2, 3), 1, 2, 3, 0, 1, 2);
    assertEquals(Shape.of(2, 0), Tensors.topK(x, 0).values().shape());
    assertError("topK: f64[2, 4] has no 5 elements on its last axis", () -> Tensors.topK(x, 5));
    assertError("topK: f64[2, 4] has no -1 elements on its last axis", () -> Tensors.topK(x, -1));
  }

  @Test
  void argMaxTakesTheFirstOfEqualsAndTheFirstNan() {
    Tensor x = Tensor.of(Shape.of(3, 3), 1, 3, 3, 5, NAN, NAN, -INF, -INF, -INF);
    assertValues(Tensors.argMax(x), Shape.of(3), 1, 1, 0);
    assertValues(Tensors.argMax(x.select(0, 0)), Shape.of(), 1);
    assertError(
        "argMax: f64[2, 0] has no elements on its last axis",
        () -> Tensors.argMax(Tensor.zeros(Shape.of(2, 0), DType.F64)));
  }

  @Test
  void cumulativeSumRunsAlongAnyAxis() {
    assertValues(Tensors.cumulativeSum(A, 1), Shape.of(2, 3), 1, 3, 6, 4, 9, 15);
    assertValues(Tensors.cumulativeSum(A, -2), Shape.of(2, 3), 1, 2, 3, 5, 7, 9);
  }

  @Test
  void drawsDependOnTheKeyAlone() {
    Rng rng = Rng.seed(7);
    Tensor u = Tensors.uniform(Shape.of(100), DType.F64, 2, 3, rng);
    assertArrayEquals(
        u.toDoubles(), Tensors.uniform(Shape.of(10, 10), DType.F64, 2, 3, rng).toDoubles());
    assertEquals(2 + rng.uniform(42), u.select(0, 42).item());
    Tensor n = Tensors.normal(Shape.of(100), DType.F64, 1, 0, rng);
    assertArrayEquals(Tensor.full(Shape.of(100), DType.F64, 1).toDoubles(), n.toDoubles());
    Tensor b = Tensors.bernoulli(Shape.of(100), DType.U8, 0.5, rng);
    assertEquals(Integer.compareUnsigned(rng.bits(3), 0x80000000) < 0 ? 1 : 0, b.toInts()[3]);
  }

  private static void assertValues(Tensor t, Shape shape, double... expected) {
    assertEquals(shape, t.shape());
    assertArrayEquals(expected, t.toDoubles());
  }

  private static void assertError(String message, Executable body) {
    ShapeException e = assertThrows(ShapeException.class, body);
    assertEquals(message, e.getMessage());
  }
}
