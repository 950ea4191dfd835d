package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Kernels;
import java.util.Arrays;

/** Operands for tests, on the back end under test. */
final class Samples {
  static final Backend SIMD = new SimdProvider().open();
  static final Kernels KERNELS = SIMD.kernels();
  static final Kernels REFERENCE = Backends.reference().kernels();

  private Samples() {}

  /** Standard normal numbers that depend on the name and the shape. */
  static Tensor normal(String name, int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, SIMD);
    REFERENCE.normal(Rng.seed(1).split(name), 0, 1, t);
    return t;
  }

  /** A result to be written: full of NaN, so that what is not written shows. */
  static Tensor unwritten(int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, SIMD);
    Arrays.fill(t.heap().floats(), Float.NaN);
    return t;
  }

  static Tensor ints(int... values) {
    Tensor t = Tensor.empty(Shape.of(values.length), DType.I32, SIMD);
    System.arraycopy(values, 0, t.heap().ints(), 0, values.length);
    return t;
  }

  /** The bits of all elements, for comparisons without tolerance. */
  static int[] bits(Tensor t) {
    float[] values = t.toFloats();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
