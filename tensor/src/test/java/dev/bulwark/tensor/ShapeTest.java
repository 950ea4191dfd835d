package dev.bulwark.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ShapeTest {
  @Test
  void knowsRankSizeAndStrides() {
    Shape s = Shape.of(2, 3, 4);
    assertEquals(3, s.rank());
    assertEquals(24, s.size());
    assertArrayEquals(new int[] {12, 4, 1}, s.strides());
    assertEquals(4, s.dim(-1));
    assertEquals(2, s.dim(0));
    assertEquals(1, Shape.of().size());
    assertEquals(0, Shape.of(3, 0).size());
    assertArrayEquals(new int[] {1, 1}, Shape.of(3, 0).strides());
    assertEquals(Shape.of(2, 9, 4), s.with(-2, 9));
  }

  @Test
  void isAValue() {
    int[] dims = {2, 3};
    Shape s = Shape.of(dims);
    dims[0] = 9;
    s.dims()[0] = 9;
    assertEquals(Shape.of(2, 3), s);
    assertEquals(Shape.of(2, 3).hashCode(), s.hashCode());
    assertNotEquals(Shape.of(3, 2), s);
    assertNotEquals((Object) "[2, 3]", s);
    assertEquals("[2, 3]", s.toString());
  }

  @Test
  void refusesWhatCannotBe() {
    assertError(
        "shape [1, 1, 1, 1, 1, 1, 1, 1, 1] has rank 9; at most 8 is allowed",
        () -> Shape.of(1, 1, 1, 1, 1, 1, 1, 1, 1));
    assertError("shape [2, -1] has a negative axis", () -> Shape.of(2, -1));
    assertError("shape [0, -1] has a negative axis", () -> Shape.of(0, -1));
    assertError(
        "shape [65536, 32768] has more than 2^31 - 1 elements; split the tensor",
        () -> Shape.of(65536, 32768));
    assertError(
        "shape [2147483647, 2147483647, 2147483647] has more than 2^31 - 1 elements; split the"
            + " tensor",
        () -> Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertError("axis 2 does not exist in shape [2, 3]", () -> Shape.of(2, 3).dim(2));
    assertError("axis -3 does not exist in shape [2, 3]", () -> Shape.of(2, 3).axis(-3));
    assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
  }

  @Test
  void broadcastsFromTheEnd() {
    Shape a = Shape.of(5, 1, 3);
    assertEquals(Shape.of(5, 4, 3), a.broadcastWith(Shape.of(4, 1), "add"));
    assertEquals(Shape.of(5, 4, 3), Shape.of(4, 1).broadcastWith(a, "add"));
    assertEquals(a, a.broadcastWith(a, "add"));
    assertEquals(a, a.broadcastWith(Shape.of(), "add"));
    assertEquals(Shape.of(0), Shape.of(1).broadcastWith(Shape.of(0), "add"));
    assertError(
        "add: shapes [5, 1, 3] and [2] do not broadcast: axis -1 is 3 against 2",
        () -> a.broadcastWith(Shape.of(2), "add"));
  }

  private static void assertError(String message, Executable body) {
    assertEquals(message, assertThrows(ShapeException.class, body).getMessage());
  }
}
