package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Unary;
import java.util.Arrays;

/**
 * Kernels whose every result element depends on one element of each operand: finds the runs and
 * hands them to the loops. Runs with a stride other than 0 or 1 are done one element at a time.
 */
final class Elementwise {
  private Elementwise() {}

  static void fill(Tensor y, float value) {
    float[] ys = y.heap().floats();
    Layout layout = Layout.of(y);
    int step = layout.stride(0);
    layout.forEach((at, n) -> {
      if (step == 1) {
        Arrays.fill(ys, at[0], at[0] + n, value);
      } else {
        for (int i = 0; i < n; i++) {
          ys[at[0] + i * step] = value;
        }
      }
    });
  }

  static void copy(Tensor x, Tensor y) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    Layout layout = Layout.of(x, y);
    int from = layout.stride(0);
    int to = layout.stride(1);
    layout.forEach((at, n) -> {
      if (from == 1 && to == 1) {
        System.arraycopy(xs, at[0], ys, at[1], n);
      } else {
        for (int i = 0; i < n; i++) {
          ys[at[1] + i * to] = xs[at[0] + i * from];
        }
      }
    });
  }

  static void unary(Unary op, Tensor x, Tensor y) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    Layout layout = Layout.of(x, y);
    int from = layout.stride(0);
    int to = layout.stride(1);
    layout.forEach((at, n) -> {
      if (from == 1 && to == 1) {
        UnaryLoops.run(op, xs, at[0], ys, at[1], n);
      } else {
        for (int i = 0; i < n; i++) {
          ys[at[1] + i * to] = (float) op.at(xs[at[0] + i * from]);
        }
      }
    });
  }

  /** All four contiguous. */
  static void unaryGrad(Unary op, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    float[] ds = dy.heap().floats();
    float[] rs = dx.heap().floats();
    Layout.of(x, y, dy, dx)
        .forEach((at, n) -> UnaryGradLoops.run(op, xs, at[0], ys, at[1], ds, at[2], rs, at[3], n));
  }

  static void binary(Binary op, Tensor a, Tensor b, Tensor y) {
    float[] as = a.heap().floats();
    float[] bs = b.heap().floats();
    Layout layout = Layout.of(a, b, y);
    int stepA = layout.stride(0);
    int stepB = layout.stride(1);
    int stepY = layout.stride(2);
    if (op.isComparison()) {
      byte[] ys = y.heap().bytes();
      layout.forEach(
          (at, n) -> compare(op, as, at[0], stepA, bs, at[1], stepB, ys, at[2], stepY, n));
      return;
    }
    float[] ys = y.heap().floats();
    layout.forEach((at, n) -> {
      if (isStep(stepA) && isStep(stepB) && (stepY == 1 || n == 1)) {
        BinaryLoops.run(op, as, at[0], stepA, bs, at[1], stepB, ys, at[2], n);
      } else {
        for (int i = 0; i < n; i++) {
          ys[at[2] + i * stepY] = (float) op.at(as[at[0] + i * stepA], bs[at[1] + i * stepB]);
        }
      }
    });
  }

  private static void compare(
      Binary op,
      float[] a,
      int ao,
      int as,
      float[] b,
      int bo,
      int bs,
      byte[] y,
      int yo,
      int ys,
      int n) {
    for (int i = 0; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      boolean truth =
          switch (op) {
            case EQ -> p == q;
            case LT -> p < q;
            default -> p <= q;
          };
      y[yo + i * ys] = (byte) (truth ? 1 : 0);
    }
  }

  static void affine(Tensor x, double factor, double summand, Tensor y) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    Layout layout = Layout.of(x, y);
    int from = layout.stride(0);
    int to = layout.stride(1);
    layout.forEach((at, n) -> {
      if (from == 1 && to == 1) {
        BinaryLoops.affine(xs, at[0], (float) factor, (float) summand, ys, at[1], n);
      } else {
        for (int i = 0; i < n; i++) {
          ys[at[1] + i * to] = Math.fma(xs[at[0] + i * from], (float) factor, (float) summand);
        }
      }
    });
  }

  static void addScaled(Tensor x, double factor, Tensor y) {
    float[] xs = x.heap().floats();
    float[] ys = y.heap().floats();
    Layout layout = Layout.of(x, y);
    int from = layout.stride(0);
    int to = layout.stride(1);
    layout.forEach((at, n) -> {
      if (from == 1 && to == 1) {
        BinaryLoops.addScaled(xs, at[0], (float) factor, ys, at[1], n);
      } else {
        for (int i = 0; i < n; i++) {
          int j = at[1] + i * to;
          ys[j] = Math.fma(xs[at[0] + i * from], (float) factor, ys[j]);
        }
      }
    });
  }

  static void select(Tensor condition, Tensor a, Tensor b, Tensor y) {
    byte[] cs = condition.heap().bytes();
    float[] as = a.heap().floats();
    float[] bs = b.heap().floats();
    float[] ys = y.heap().floats();
    Layout layout = Layout.of(condition, a, b, y);
    int stepC = layout.stride(0);
    int stepA = layout.stride(1);
    int stepB = layout.stride(2);
    int stepY = layout.stride(3);
    layout.forEach((at, n) -> {
      for (int i = 0; i < n; i++) {
        ys[at[3] + i * stepY] =
            cs[at[0] + i * stepC] != 0 ? as[at[1] + i * stepA] : bs[at[2] + i * stepB];
      }
    });
  }

  private static boolean isStep(int stride) {
    return stride == 0 || stride == 1;
  }
}
