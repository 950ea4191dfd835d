package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Unary;
import java.util.Arrays;

/** Kernels whose every result element depends on one element of each operand. */
final class Elementwise {
  private Elementwise() {}

  static void fill(Tensor y, double value) {
    Walk w = Walk.over(y);
    double[] v = w.buffer();
    Arrays.fill(v, value);
    while (w.next()) {
      w.store(v, 0);
    }
  }

  static void copy(Tensor x, Tensor y) {
    if (!x.dtype().isFloating() && !y.dtype().isFloating()) {
      copyIntegers(x, y);
      return;
    }
    Walk w = Walk.over(x, y);
    double[] v = w.buffer();
    while (w.next()) {
      w.load(0, v);
      w.store(v, 1);
    }
  }

  private static void copyIntegers(Tensor x, Tensor y) { // I64 does not fit a double
    Walk w = Walk.over(x, y);
    long[] v = new long[w.buffer().length];
    while (w.next()) {
      Runs.loadLongs(x, w.start(0), w.stride(0), v, w.length());
      Runs.storeLongs(v, w.length(), y, w.start(1), w.stride(1));
    }
  }

  static void unary(Unary op, Tensor x, Tensor y) {
    Walk w = Walk.over(x, y);
    double[] v = w.buffer();
    while (w.next()) {
      w.load(0, v);
      for (int i = 0; i < w.length(); i++) {
        v[i] = op.at(v[i]);
      }
      w.store(v, 1);
    }
  }

  static void unaryGrad(Unary op, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    Walk w = Walk.over(x, y, dy, dx);
    double[] xs = w.buffer();
    double[] ys = w.buffer();
    double[] ds = w.buffer();
    while (w.next()) {
      w.load(0, xs);
      w.load(1, ys);
      w.load(2, ds);
      for (int i = 0; i < w.length(); i++) {
        ds[i] *= op.slope(xs[i], ys[i]);
      }
      w.store(ds, 3);
    }
  }

  static void binary(Binary op, Tensor a, Tensor b, Tensor y) {
    Walk w = Walk.over(a, b, y);
    double[] as = w.buffer();
    double[] bs = w.buffer();
    while (w.next()) {
      w.load(0, as);
      w.load(1, bs);
      for (int i = 0; i < w.length(); i++) {
        as[i] = op.at(as[i], bs[i]);
      }
      w.store(as, 2);
    }
  }

  static void affine(Tensor x, double factor, double summand, Tensor y) {
    Walk w = Walk.over(x, y);
    double[] v = w.buffer();
    while (w.next()) {
      w.load(0, v);
      for (int i = 0; i < w.length(); i++) {
        v[i] = factor * v[i] + summand;
      }
      w.store(v, 1);
    }
  }

  static void addScaled(Tensor x, double factor, Tensor y) {
    Walk w = Walk.over(x, y);
    double[] xs = w.buffer();
    double[] ys = w.buffer();
    while (w.next()) {
      w.load(0, xs);
      w.load(1, ys);
      for (int i = 0; i < w.length(); i++) {
        ys[i] += factor * xs[i];
      }
      w.store(ys, 1);
    }
  }

  static void select(Tensor condition, Tensor a, Tensor b, Tensor y) {
    Walk w = Walk.over(condition, a, b, y);
    double[] cs = w.buffer();
    double[] as = w.buffer();
    double[] bs = w.buffer();
    while (w.next()) {
      w.load(0, cs);
      w.load(1, as);
      w.load(2, bs);
      for (int i = 0; i < w.length(); i++) {
        as[i] = cs[i] != 0 ? as[i] : bs[i];
      }
      w.store(as, 3);
    }
  }
}
