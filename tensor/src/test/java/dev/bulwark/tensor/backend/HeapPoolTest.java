package dev.bulwark.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs with poisoning on, as all tests do. */
class HeapPoolTest {
  private static final Backend B = Backends.reference();

  @BeforeEach
  void empty() {
    HeapPool.clear();
  }

  @Test
  void handsAReleasedArrayToTheNextOfItsSizeClass() {
    HeapBuffer a = HeapPool.allocate(B, DType.F32, 1000);
    float[] array = a.floats();
    a.release("done");
    assertEquals(array.length * 4L, HeapPool.heldBytes());
    assertSame(array, HeapPool.allocate(B, DType.F32, 1001).floats());
    assertEquals(0, HeapPool.heldBytes());
    assertNotSame(array, HeapPool.allocate(B, DType.F32, 1001).floats());
  }

  @Test
  void keepsTypesAndSizesApart() {
    HeapPool.allocate(B, DType.F32, 1000).release("done");
    assertEquals(2000, HeapPool.allocate(B, DType.I32, 2000).size());
    assertTrue(HeapPool.heldBytes() > 0);
    assertTrue(HeapPool.allocate(B, DType.F32, 5000).floats().length >= 5000);
    assertTrue(HeapPool.heldBytes() > 0);
    HeapPool.clear();
    assertEquals(0, HeapPool.heldBytes());
  }

  @Test
  void leavesSmallArraysToTheCollector() {
    HeapBuffer a = HeapPool.allocate(B, DType.F32, 255);
    assertEquals(255, a.floats().length);
    a.release("done");
    assertEquals(0, HeapPool.heldBytes());
  }

  @Test
  void sizeClassesWasteAnEighthAtMost() {
    for (int size = 256; size > 0 && size < Integer.MAX_VALUE / 2; size += size / 7) {
      int rounded = HeapPool.sizeClass(size);
      assertTrue(rounded >= size && rounded <= size * 1.125 + 32, size + " became " + rounded);
      assertEquals(rounded, HeapPool.sizeClass(rounded));
    }
    assertEquals(Integer.MAX_VALUE - 8, HeapPool.sizeClass(Integer.MAX_VALUE - 100));
  }

  @ParameterizedTest
  @EnumSource
  void releasedMemoryIsPoisoned(DType dtype) {
    HeapBuffer a = HeapPool.allocate(B, dtype, 256);
    double poison =
        switch (dtype) {
          case F32 -> firstAfterRelease(a.floats(), a);
          case F64 -> firstAfterRelease(a.doubles(), a);
          case I32 -> firstAfterRelease(a.ints(), a);
          case I64 -> firstAfterRelease(a.longs(), a);
          case BF16, F16 -> firstAfterRelease(a.shorts(), a);
          case U8 -> firstAfterRelease(a.bytes(), a);
        };
    double expected =
        switch (dtype) {
          case F32, F64 -> Double.NaN;
          case I32 -> Integer.MIN_VALUE;
          case I64 -> Long.MIN_VALUE;
          case BF16, F16, U8 -> -1; // all bits: NaN as a half
        };
    assertEquals(expected, poison);
    assertThrows(IllegalStateException.class, a::floats);
  }

  private static double firstAfterRelease(Object array, HeapBuffer buffer) {
    buffer.release("done");
    return ((Number) java.lang.reflect.Array.get(array, 0)).doubleValue();
  }

  @Test
  void asksForTheRightArrayType() {
    HeapBuffer a = HeapPool.allocate(B, DType.F32, 10);
    assertThrows(ClassCastException.class, a::doubles);
  }
}
