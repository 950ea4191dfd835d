package dev.bulwark.kernels.simd;

/**
 * Temporary arrays of one thread, kept between calls. A slot has one user at a time; its contents
 * are arbitrary.
 */
final class Scratch {
  /** A block of a left operand, packed for {@link Gemm}. */
  static final int PACKED_A = 0;

  /** Panels of a right operand, packed for {@link Gemm}. */
  static final int PACKED_B = 1;

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
   * The one array of ints, for random words.
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
