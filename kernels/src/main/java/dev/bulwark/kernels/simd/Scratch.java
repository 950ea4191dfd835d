package dev.bulwark.kernels.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Temporary arrays of one thread, kept between calls. A slot has one user at a time; its contents
 * are arbitrary.
 */
final class Scratch {
  /** Rows of {@link Left}. */
  static final int LEFT = 0;

  /** A piece of a right operand on its way into {@link Panels}. */
  static final int PIECE = 1;

  /** One tile of a product that sticks out of the result. */
  static final int TILE = 2;

  /** A vector or a few of them. */
  static final int LANES_A = 3;

  /** A few more vectors. */
  static final int LANES_B = 4;

  /** Partial sums, joined by the calling thread. */
  static final int PARTIAL = 5;

  /** Values between two passes over a block. */
  static final int BLOCK = 6;

  /** More values between two passes over a block. */
  static final int BLOCK_2 = 7;

  /** First of the slots of attention. */
  static final int ATTENTION = 8;

  private static final int SLOTS = ATTENTION + 16;
  private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

  private final float[][] floats = new float[SLOTS][0];
  private int[] ints = {};
  private MemorySegment panels = MemorySegment.NULL;

  private Scratch() {}

  /** The arrays of the calling thread. */
  static Scratch get() {
    return LOCAL.get();
  }

  /**
   * An array of a slot.
   *
   * @param slot one of the constants
   * @param size least length
   * @return the array, the same until more is asked for
   */
  float[] floats(int slot, int size) {
    float[] array = floats[slot];
    if (array.length < size) {
      array = new float[Math.max(size, (int) Math.min(Integer.MAX_VALUE - 8L, size * 5L / 4))];
      floats[slot] = array;
    }
    return array;
  }

  /**
   * The memory of {@link Panels}.
   *
   * @param bytes least size
   * @return address of aligned memory outside of the heap, the same until more is asked for
   */
  long panels(long bytes) {
    if (panels.byteSize() < bytes) {
      panels = Arena.ofAuto().allocate(bytes + bytes / 4, Panels.ALIGNMENT);
    }
    return panels.address();
  }

  /**
   * The one array of ints: random words, or the places of a gathering load.
   *
   * @param size least length
   * @return the array
   */
  int[] ints(int size) {
    if (ints.length < size) {
      ints = new int[size];
    }
    return ints;
  }
}
