package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Panels of a right operand: b [depth, n] cut into strips of {@link #WIDTH} columns, each
 * [k][WIDTH], what is missing in the last filled with zeros.
 *
 * <p>They lie outside of the heap because there they can be aligned: a Java array begins anywhere,
 * and a vector that straddles two cache lines costs two loads. In the loop of a product that was a
 * tenth of the speed.
 */
final class Panels {
  /** Columns of a panel. */
  static final int WIDTH = 3 * L;

  /** Bytes of a vector. */
  static final long VECTOR = 4L * L;

  /** Bytes from one k to the next. */
  static final long PITCH = 3 * VECTOR;

  /** Bytes that the first vector of a panel is aligned to. */
  static final long ALIGNMENT = 64;

  /** Of this machine. */
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /**
   * All memory, from address 0. A segment that is a constant costs nothing to read; one that is
   * handed down costs a call a vector, unless the compiler has already seen that all of them are of
   * one class. The addresses come from {@link Scratch#panels} alone.
   */
  @SuppressWarnings("restricted")
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Panels() {}

  /** Number of panels for n columns. */
  static int count(int n) {
    return (n + WIDTH - 1) / WIDTH;
  }

  /** Bytes of one panel. */
  static long bytes(int depth) {
    return depth * PITCH;
  }

  /**
   * Packs neighbouring panels.
   *
   * @param b the matrix [depth, n], any strides
   * @param n its columns
   * @param depth its rows
   * @param fromPanel first panel
   * @param toPanel panel after the last
   * @param to address that receives panel 0
   * @param size bytes from one panel to the next
   */
  static void pack(Matrix b, int n, int depth, int fromPanel, int toPanel, long to, long size) {
    int whole = Math.min(toPanel, n / WIDTH); // panels that are full
    if (b.columnStride() == 1) {
      for (int k = 0; k < depth; k++) { // row by row, as the memory likes it
        int line = b.offset() + k * b.rowStride();
        copy(b.data(), line, fromPanel, whole, to + k * PITCH, size);
      }
      if (whole < toPanel) {
        copyPart(b, whole * WIDTH, n, depth, to + whole * size);
      }
      return;
    }
    for (int p = fromPanel; p < toPanel; p++) {
      int at = b.offset() + p * WIDTH * b.columnStride();
      int columns = Math.min(WIDTH, n - p * WIDTH);
      turn(b.data(), at, b.columnStride(), b.rowStride(), columns, depth, to + p * size);
    }
  }

  private static void copy(float[] x, int line, int fromPanel, int toPanel, long to, long size) {
    for (int p = fromPanel; p < toPanel; p++) {
      int from = line + p * WIDTH;
      long address = to + p * size;
      Lanes.load(x, from).intoMemorySegment(MEMORY, address, ORDER);
      Lanes.load(x, from + L).intoMemorySegment(MEMORY, address + VECTOR, ORDER);
      Lanes.load(x, from + 2 * L).intoMemorySegment(MEMORY, address + 2 * VECTOR, ORDER);
    }
  }

  private static void copyPart(Matrix b, int column, int n, int depth, long to) {
    for (int k = 0; k < depth; k++) {
      for (int v = 0; v < 3; v++) {
        int from = b.offset() + k * b.rowStride() + column + v * L;
        Lanes.load(b.data(), from, Lanes.tail(column + v * L, n))
            .intoMemorySegment(MEMORY, to + k * PITCH + v * VECTOR, ORDER);
      }
    }
  }

  private static void turn(
      float[] x, int at, int across, int along, int columns, int depth, long to) {
    if (Turn.GATHERS && columns == WIDTH) {
      for (int v = 0; v < 3; v++) {
        gather(x, at + v * L * across, across, along, depth, to + v * VECTOR);
      }
      return;
    }
    // Pieces of L steps in an array that stays in the first cache.
    float[] piece = Scratch.get().floats(Scratch.PIECE, L * WIDTH);
    for (int k0 = 0; k0 < depth; k0 += L) {
      int steps = Math.min(L, depth - k0);
      Turn.lines(x, at + k0 * along, across, along, columns, steps, piece, 0, WIDTH);
      Turn.clear(WIDTH - columns, steps, piece, columns, WIDTH);
      for (int i = 0; i < steps * 3; i++) {
        Lanes.load(piece, i * L).intoMemorySegment(MEMORY, to + k0 * PITCH + i * VECTOR, ORDER);
      }
    }
  }

  /** L columns at once, so that the cache lines of their L rows stay until they are used up. */
  private static void gather(float[] x, int at, int across, int along, int depth, long to) {
    int[] places = Turn.places(across);
    for (int k = 0; k < depth; k++) {
      FloatVector.fromArray(F, x, at + k * along, places, 0)
          .intoMemorySegment(MEMORY, to + k * PITCH, ORDER);
    }
  }
}
