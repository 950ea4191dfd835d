package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Precision;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;

/** Numbers of types and functions, for kernels: a constant of each name heads every program. */
final class Codes {
  private Codes() {}

  /** The number that stands for this in a launch. */
  @SuppressWarnings("EnumOrdinal") // kernels are compiled with the numbers of this very run
  static int of(Enum<?> constant) {
    return constant.ordinal();
  }

  /** Definitions of all names, such as {@code #define BK_UNARY_EXP 6}. */
  static String definitions() {
    StringBuilder text = new StringBuilder();
    define(text, "TYPE", DType.values());
    define(text, "UNARY", Unary.values());
    define(text, "BINARY", Binary.values());
    define(text, "REDUCE", Reduce.values());
    define(text, "PRECISION", Precision.values());
    return text.toString();
  }

  private static void define(StringBuilder text, String kind, Enum<?>[] constants) {
    for (Enum<?> c : constants) {
      text.append("#define BK_%s_%s %d\n".formatted(kind, c.name(), of(c)));
    }
  }
}
