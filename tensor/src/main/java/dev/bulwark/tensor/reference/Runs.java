package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.BFloat16;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;

/**
 * Reads and writes runs of equally spaced elements: the only place of this back end that knows how
 * types are stored.
 *
 * <p>Numbers leave as doubles, which hold every type exactly but I64 beyond 2^53. On the way back
 * F32 rounds to nearest; F16 and BF16 round the F32 value to nearest even; integers drop the
 * fraction, I32 and I64 saturate, U8 keeps the low eight bits.
 */
final class Runs {
  private Runs() {}

  /** to[i] = element start + i * stride of t's buffer, for i below n. */
  static void load(Tensor t, int start, int stride, double[] to, int n) {
    if (n == 0) {
      return; // an empty view may begin outside its buffer
    }
    switch (t.dtype()) {
      case F64 -> loadDoubles(t.heap().doubles(), start, stride, to, n);
      case F32 -> loadFloats(t.heap().floats(), start, stride, to, n);
      case BF16 -> {
        short[] a = t.heap().shorts();
        for (int i = 0; i < n; i++) {
          to[i] = BFloat16.toFloat(a[start + i * stride]);
        }
      }
      case F16 -> {
        short[] a = t.heap().shorts();
        for (int i = 0; i < n; i++) {
          to[i] = Float.float16ToFloat(a[start + i * stride]);
        }
      }
      case I64 -> {
        long[] a = t.heap().longs();
        for (int i = 0; i < n; i++) {
          to[i] = a[start + i * stride];
        }
      }
      case I32 -> {
        int[] a = t.heap().ints();
        for (int i = 0; i < n; i++) {
          to[i] = a[start + i * stride];
        }
      }
      case U8 -> {
        byte[] a = t.heap().bytes();
        for (int i = 0; i < n; i++) {
          to[i] = a[start + i * stride] & 0xff;
        }
      }
    }
  }

  /** Element start + i * stride of t's buffer = from[i], for i below n. */
  static void store(double[] from, int n, Tensor t, int start, int stride) {
    if (n == 0) {
      return; // an empty view may begin outside its buffer
    }
    switch (t.dtype()) {
      case F64 -> storeDoubles(from, n, t.heap().doubles(), start, stride);
      case F32 -> storeFloats(from, n, t.heap().floats(), start, stride);
      case BF16 -> {
        short[] a = t.heap().shorts();
        for (int i = 0; i < n; i++) {
          a[start + i * stride] = BFloat16.fromFloat((float) from[i]);
        }
      }
      case F16 -> {
        short[] a = t.heap().shorts();
        for (int i = 0; i < n; i++) {
          a[start + i * stride] = Float.floatToFloat16((float) from[i]);
        }
      }
      case I64 -> {
        long[] a = t.heap().longs();
        for (int i = 0; i < n; i++) {
          a[start + i * stride] = (long) from[i];
        }
      }
      case I32 -> {
        int[] a = t.heap().ints();
        for (int i = 0; i < n; i++) {
          a[start + i * stride] = (int) from[i];
        }
      }
      case U8 -> {
        byte[] a = t.heap().bytes();
        for (int i = 0; i < n; i++) {
          a[start + i * stride] = (byte) (int) from[i];
        }
      }
    }
  }

  /** Integers of any width without a detour through double. */
  static void loadLongs(Tensor t, int start, int stride, long[] to, int n) {
    for (int i = 0; i < n; i++) {
      int at = start + i * stride;
      to[i] =
          switch (t.dtype()) {
            case I64 -> t.heap().longs()[at];
            case I32 -> t.heap().ints()[at];
            case U8 -> t.heap().bytes()[at] & 0xff;
            default -> throw notAnInteger(t.dtype());
          };
    }
  }

  /** Integers of any width without a detour through double; narrow ones keep the low bits. */
  static void storeLongs(long[] from, int n, Tensor t, int start, int stride) {
    for (int i = 0; i < n; i++) {
      int at = start + i * stride;
      switch (t.dtype()) {
        case I64 -> t.heap().longs()[at] = from[i];
        case I32 -> t.heap().ints()[at] = (int) from[i];
        case U8 -> t.heap().bytes()[at] = (byte) from[i];
        default -> throw notAnInteger(t.dtype());
      }
    }
  }

  private static void loadDoubles(double[] a, int start, int stride, double[] to, int n) {
    if (stride == 1) {
      System.arraycopy(a, start, to, 0, n);
    } else if (stride == 0) {
      Arrays.fill(to, 0, n, a[start]);
    } else {
      for (int i = 0; i < n; i++) {
        to[i] = a[start + i * stride];
      }
    }
  }

  private static void loadFloats(float[] a, int start, int stride, double[] to, int n) {
    if (stride == 1) { // a loop of its own, which the JIT compiler vectorises
      for (int i = 0; i < n; i++) {
        to[i] = a[start + i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        to[i] = a[start + i * stride];
      }
    }
  }

  private static void storeDoubles(double[] from, int n, double[] a, int start, int stride) {
    if (stride == 1) {
      System.arraycopy(from, 0, a, start, n);
    } else {
      for (int i = 0; i < n; i++) {
        a[start + i * stride] = from[i];
      }
    }
  }

  private static void storeFloats(double[] from, int n, float[] a, int start, int stride) {
    if (stride == 1) {
      for (int i = 0; i < n; i++) {
        a[start + i] = (float) from[i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        a[start + i * stride] = (float) from[i];
      }
    }
  }

  private static IllegalArgumentException notAnInteger(DType dtype) {
    return new IllegalArgumentException(dtype + " is not an integer type");
  }
}
