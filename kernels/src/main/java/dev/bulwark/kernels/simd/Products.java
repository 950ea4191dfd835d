package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Matrix products of tensors: takes leading axes apart and finds a row-major result to write. */
final class Products {
  private static final long SMALL = 1 << 21; // multiply-adds of one matrix that are worth threads

  private Products() {}

  /** c = alpha a b + beta c over leading axes. */
  static void gemm(float alpha, Tensor a, Tensor b, float beta, Tensor c) {
    if (c.size() == 0) {
      return;
    }
    if (overlaps(a, c) || overlaps(b, c)) {
      gemm(alpha, overlaps(a, c) ? a.copy() : a, overlaps(b, c) ? b.copy() : b, beta, c);
      return;
    }
    if (!isUnit(c, -1) && !isUnit(c, -2)) {
      Tensor dense = c.copy();
      gemm(alpha, a, b, beta, dense);
      Elementwise.copy(dense, c);
      return;
    }
    int m = c.dim(-2);
    int n = c.dim(-1);
    int k = a.dim(-1);
    int count = c.size() / (m * n);
    boolean turned = !isUnit(c, -1); // then compute cᵀ = bᵀ aᵀ, which is row-major
    Parallel.Task one =
        i -> {
          Matrix left = matrix(a, i);
          Matrix right = matrix(b, i);
          Matrix result = matrix(c, i);
          if (turned) {
            Gemm.multiply(
                n,
                m,
                k,
                alpha,
                right.transposed(),
                left.transposed(),
                beta,
                result.transposed(),
                null);
          } else {
            Gemm.multiply(m, n, k, alpha, left, right, beta, result, null);
          }
        };
    if ((long) m * n * k < SMALL) {
      Parallel.range(
          count,
          (int) Math.max(1, SMALL / 16 / Math.max(1, (long) m * n * k)),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              one.run(i);
            }
          });
    } else {
      for (int i = 0; i < count; i++) {
        one.run(i);
      }
    }
  }

  /** y = x wᵀ + bias, bias contiguous. */
  static void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
    if (y.size() == 0) {
      return;
    }
    if (!isUnit(y, -1) || overlaps(x, y)) {
      Tensor dense = Tensor.empty(y.shape(), y.dtype(), y.backend());
      linear(x, w, bias, dense);
      Elementwise.copy(dense, y);
      return;
    }
    Matrix shift = bias == null ? null : new Matrix(bias.heap().floats(), bias.offset(), 0, 1);
    Gemm.multiply(
        y.dim(0),
        y.dim(1),
        x.dim(1),
        1,
        matrix(x, 0),
        matrix(w, 0).transposed(),
        0,
        matrix(y, 0),
        shift);
  }

  private static Matrix matrix(Tensor t, int index) {
    int at = t.offset();
    int rest = index;
    for (int axis = t.rank() - 3; axis >= 0; axis--) {
      at += rest % t.dim(axis) * t.stride(axis);
      rest /= t.dim(axis);
    }
    // An axis of one element may have any stride.
    return new Matrix(t.heap().floats(), at, t.stride(-2), t.dim(-1) == 1 ? 1 : t.stride(-1));
  }

  private static boolean isUnit(Tensor t, int axis) {
    return t.dim(axis) == 1 || t.stride(axis) == 1;
  }

  /** Whether two tensors may share elements. */
  private static boolean overlaps(Tensor a, Tensor c) {
    return a.buffer().equals(c.buffer()) && a.offset() <= last(c) && c.offset() <= last(a);
  }

  private static int last(Tensor t) {
    int at = t.offset();
    for (int axis = 0; axis < t.rank(); axis++) {
      at += Math.max(0, t.dim(axis) - 1) * t.stride(axis);
    }
    return at;
  }
}
