package dev.bulwark.tensor.backend;

import java.util.Locale;

/**
 * How exactly operands enter matrix products. Sums, results, weights and everything else stay F32.
 */
public enum Precision {
  /** 24 bits of fraction. */
  F32,
  /** TensorFloat-32: 11 bits of fraction, range of F32. */
  TF32,
  /** bfloat16: 8 bits of fraction, range of F32. */
  BF16,
  /** IEEE half: 11 bits of fraction, range up to 65,504: needs a loss scale in training. */
  F16;

  /**
   * By name.
   *
   * @param name any case, such as "bf16" or "fp32"
   * @return the precision
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Precision named(String name) {
    String plain = name.toUpperCase(Locale.ROOT).replaceFirst("^(FP|FLOAT)(?=\\d)", "F");
    for (Precision p : values()) {
      if (p.name().equals(plain)) {
        return p;
      }
    }
    throw new IllegalArgumentException(
        "no precision named '" + name + "'; there are f32, tf32, bf16, f16");
  }
}
