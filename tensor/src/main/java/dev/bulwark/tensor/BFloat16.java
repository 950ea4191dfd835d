package dev.bulwark.tensor;

/** Conversion of bfloat16, the upper half of a float. IEEE half is in {@link Float}. */
public final class BFloat16 {
  private BFloat16() {}

  /**
   * The float of the same value.
   *
   * @param bits bits of a bfloat16
   * @return its value, exactly
   */
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /**
   * The nearest bfloat16, ties to even; NaN stays a (quiet) NaN.
   *
   * @param value any float
   * @return bits of the bfloat16
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40); // rounding could carry a NaN into infinity
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }
}
