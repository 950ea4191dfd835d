package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.List;

/** Softmax, layer normalisation, cross-entropy. */
final class RowCases {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final int[] WIDTHS = {1, 3, 5, 15, 16, 17, 31, 33, 64, 65, 127, 513};

  private RowCases() {}

  /** A kernel from one tensor to another. */
  private interface Map {
    void on(Kernels k, Tensor x, Tensor y);
  }

  /** A backward kernel from result and its gradient. */
  private interface Grad {
    void on(Kernels k, Tensor y, Tensor dy, Tensor dx);
  }

  static void addTo(List<Case> all, DType t) {
    all.add(new Case("softmax " + t, b -> softmax(b, t, "softmax", Kernels::softmax)));
    all.add(new Case("logSoftmax " + t, b -> softmax(b, t, "logSoftmax", Kernels::logSoftmax)));
    all.add(new Case("softmaxGrad " + t, b -> grad(b, t, "softmaxGrad", 1, Kernels::softmaxGrad)));
    all.add(
        new Case(
            "logSoftmaxGrad " + t, b -> grad(b, t, "logSoftmaxGrad", -1, Kernels::logSoftmaxGrad)));
    all.add(new Case("layerNorm " + t, b -> layerNorm(b, t)));
    all.add(new Case("layerNormGrad " + t, b -> layerNormGrad(b, t)));
    all.add(new Case("crossEntropy " + t, b -> crossEntropy(b, t)));
    all.add(new Case("crossEntropyGrad " + t, b -> crossEntropyGrad(b, t)));
    all.add(new Case("rows beyond a grid " + t, b -> manyRows(b, t)));
    all.add(new Case("rows of a vocabulary " + t, b -> wideRows(b, t)));
    all.add(new Case("layerNormGrad of many rows " + t, b -> layerNormGradOfManyRows(b, t)));
  }

  private static void softmax(Backend b, DType type, String name, Map kernel) {
    Samples values = Samples.uniform("logits", -8, 8);
    Samples[] kinds = {
      values,
      i -> 1e4 * values.at(i), // far apart
      values.mixedWith(-INF),
      i -> -INF,
      values.mixedWith(1, 2, 3, 4, 5, 6, 7, 8, 9, INF),
      values.mixedWith(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, Double.NaN)
    };
    for (int kind = 0; kind < kinds.length; kind++) {
      for (int n : WIDTHS) {
        // Far apart, logarithms reach 1e5 and exponents of neighbours lose that many digits.
        Tolerance close = Tolerance.roundings(type, kind == 1 ? 64 : 16);
        for (Layout l : Layout.WRITABLE) {
          Trial t = new Trial(name + " of kind " + kind, b);
          int x = t.in(type, l, Shape.of(2, 3, n), kinds[kind]);
          int y = t.out(type, l.result(), Shape.of(2, 3, n), close);
          t.run((k, o) -> kernel.on(k, o[x], o[y]));
          Trial p = new Trial(name + " in place of kind " + kind, b);
          int q = p.inOut(type, l, Shape.of(3, n), kinds[kind], close);
          p.run((k, o) -> kernel.on(k, o[q], o[q]));
        }
      }
    }
    Trial none = new Trial(name + " without rows", b);
    int x = none.inOut(type, Layout.CONTIGUOUS, Shape.of(0, 3), values, Tolerance.EXACT);
    none.run((k, o) -> kernel.on(k, o[x], o[x]));
  }

  private static void grad(Backend b, DType type, String name, double high, Grad kernel) {
    Samples ys = high > 0 ? Samples.uniform("y", 0, 1) : Samples.uniform("y", -5, 0);
    for (int n : WIDTHS) {
      Tolerance close = Tolerance.sum(type, n);
      for (Layout l : Layout.WRITABLE) {
        Trial t = new Trial(name, b);
        int y = t.in(type, l, Shape.of(2, 3, n), ys);
        int dy = t.in(type, Layout.LAST_BROADCAST, Shape.of(2, 3, n), Samples.uniform("d", -1, 1));
        int dx = t.out(type, l, Shape.of(2, 3, n), close);
        t.run((k, o) -> kernel.on(k, o[y], o[dy], o[dx]));
        Trial p = new Trial(name + " in place", b);
        int py = p.in(type, Layout.CONTIGUOUS, Shape.of(3, n), ys);
        int pd = p.inOut(type, l, Shape.of(3, n), Samples.uniform("d", -1, 1), close);
        p.run((k, o) -> kernel.on(k, o[py], o[pd], o[pd]));
      }
    }
  }

  private static void layerNorm(Backend b, DType type) {
    for (int n : WIDTHS) {
      for (double shift : new double[] {0, 10}) { // a large mean must not eat the variance
        Samples values = Samples.uniform("x", shift - 1, shift + 1);
        // One element: x - mean is rounding alone, and 1 / sqrt(epsilon) enlarges it.
        Tolerance close = Tolerance.roundings(type, (64 + n) * (1 + shift) * (n < 4 ? 1000 : 1));
        for (Layout l : Layout.WRITABLE) {
          for (boolean inPlace : new boolean[] {false, true}) {
            Trial t = new Trial("layerNorm" + (inPlace ? " in place" : ""), b);
            int x = t.inOut(type, l, Shape.of(5, n), values, inPlace ? close : Tolerance.EXACT);
            int gain = t.in(type, Layout.CONTIGUOUS, Shape.of(n), Samples.uniform("gain", 0, 2));
            int bias = t.in(type, Layout.SLICED, Shape.of(n), Samples.uniform("bias", -1, 1));
            int y = inPlace ? x : t.out(type, l, Shape.of(5, n), close);
            int mean = t.out(type, l, Shape.of(5), Tolerance.roundings(type, 8 + n));
            int rstd =
                t.out(type, l, Shape.of(5), Tolerance.roundings(type, 8 * n * (1 + shift) * 1000));
            t.run((k, o) -> k.layerNorm(o[x], o[gain], o[bias], 1e-5, o[y], o[mean], o[rstd]));
          }
        }
      }
    }
  }

  private static void layerNormGrad(Backend b, DType type) {
    for (int n : WIDTHS) {
      Tolerance close = Tolerance.sum(type, 4 * n);
      for (Layout l : Layout.WRITABLE) {
        for (int wanted = 0; wanted < 8; wanted++) { // which of the three results
          boolean wantsX = (wanted & 1) != 0;
          boolean wantsGain = (wanted & 2) != 0;
          boolean wantsBias = (wanted & 4) != 0;
          Trial t = new Trial("layerNormGrad " + wanted, b);
          int dy = t.in(type, l, Shape.of(5, n), Samples.uniform("dy", -1, 1));
          int x = t.in(type, l, Shape.of(5, n), Samples.uniform("x", -1, 1));
          int gain = t.in(type, Layout.CONTIGUOUS, Shape.of(n), Samples.uniform("gain", 0, 2));
          int mean = t.in(type, Layout.CONTIGUOUS, Shape.of(5), Samples.uniform("mean", -0.1, 0.1));
          int rstd = t.in(type, l, Shape.of(5), Samples.uniform("rstd", 0.5, 2));
          int dx = t.out(type, l, Shape.of(5, n), close);
          int dGain = t.out(type, l, Shape.of(n), close);
          int dBias = t.out(type, Layout.CONTIGUOUS, Shape.of(n), close);
          t.run((k, o) ->
              k.layerNormGrad(
                  o[dy],
                  o[x],
                  o[gain],
                  o[mean],
                  o[rstd],
                  wantsX ? o[dx] : null,
                  wantsGain ? o[dGain] : null,
                  wantsBias ? o[dBias] : null));
        }
        Trial p = new Trial("layerNormGrad in place", b);
        int dy = p.inOut(type, l, Shape.of(5, n), Samples.uniform("dy", -1, 1), close);
        int x = p.in(type, l, Shape.of(5, n), Samples.uniform("x", -1, 1));
        int gain = p.in(type, Layout.CONTIGUOUS, Shape.of(n), Samples.uniform("gain", 0, 2));
        int mean = p.in(type, Layout.CONTIGUOUS, Shape.of(5), i -> 0);
        int rstd = p.in(type, Layout.CONTIGUOUS, Shape.of(5), i -> 1);
        int dGain = p.out(type, l, Shape.of(n), close);
        int dBias = p.out(type, l, Shape.of(n), close);
        p.run((k, o) ->
            k.layerNormGrad(o[dy], o[x], o[gain], o[mean], o[rstd], o[dy], o[dGain], o[dBias]));
      }
    }
  }

  /** Every fifth row is ignored. */
  private static Samples labels(int classes) {
    return Samples.below("label", classes).mixedWith(0, -100);
  }

  private static void crossEntropy(Backend b, DType type) {
    Samples values = Samples.uniform("logits", -8, 8);
    for (int n : WIDTHS) {
      for (Samples kind : List.of(values, values.mixedWith(-INF, 3), values.mixedWith(1e4, -1e4))) {
        for (Layout l : Layout.WRITABLE) {
          Trial t = new Trial("crossEntropy", b);
          int x = t.in(type, l, Shape.of(7, n), kind);
          int label = t.in(DType.I32, l, Shape.of(7), labels(n));
          int y = t.out(type, l, Shape.of(7), Tolerance.roundings(type, 32));
          t.run((k, o) -> k.crossEntropy(o[x], o[label], o[y]));
        }
      }
    }
  }

  private static void crossEntropyGrad(Backend b, DType type) {
    Samples values = Samples.uniform("logits", -8, 8);
    for (int n : WIDTHS) {
      for (Layout l : Layout.WRITABLE) {
        Tolerance close = Tolerance.roundings(type, 32);
        Trial t = new Trial("crossEntropyGrad", b);
        int x = t.in(type, l, Shape.of(7, n), values.mixedWith(-INF, 3));
        int label = t.in(DType.I32, l, Shape.of(7), labels(n));
        int d = t.in(type, Layout.FIRST_BROADCAST, Shape.of(7), Samples.uniform("d", -1, 1));
        int dx = t.out(type, l, Shape.of(7, n), close);
        t.run((k, o) -> k.crossEntropyGrad(o[x], o[label], o[d], o[dx]));
        Trial p = new Trial("crossEntropyGrad in place", b);
        int px = p.inOut(type, l, Shape.of(7, n), values, close);
        int pl = p.in(DType.I32, Layout.CONTIGUOUS, Shape.of(7), labels(n));
        int pd = p.in(type, l, Shape.of(7), Samples.uniform("d", -1, 1));
        p.run((k, o) -> k.crossEntropyGrad(o[px], o[pl], o[pd], o[px]));
      }
    }
  }

  /** More rows than a launch has blocks of threads. */
  private static void manyRows(Backend b, DType type) {
    Shape shape = Shape.of(66_001, 2);
    Shape vector = Shape.of(66_001);
    Tolerance close = Tolerance.roundings(type, 32);
    Trial t = new Trial("softmax and cross-entropy of many rows", b);
    int x = t.in(type, Layout.TRANSPOSED, shape, Samples.uniform("logits", -8, 8));
    int label = t.in(DType.I32, Layout.CONTIGUOUS, vector, labels(2));
    int d = t.in(type, Layout.CONTIGUOUS, vector, Samples.uniform("d", -1, 1));
    int y = t.out(type, Layout.CONTIGUOUS, shape, close);
    int loss = t.out(type, Layout.SLICED, vector, close);
    int dx = t.out(type, Layout.SLICED, shape, close);
    t.run((k, o) -> {
      k.softmax(o[x], o[y]);
      k.crossEntropy(o[x], o[label], o[loss]);
      k.crossEntropyGrad(o[x], o[label], o[d], o[dx]);
    });
    Trial n = new Trial("layerNorm of many rows", b);
    Samples noise = Samples.uniform("x", -1, 1);
    Samples values = i -> 3 * (i % 2) + noise.at(i); // the two of a row are never alike
    int nx = n.in(type, Layout.CONTIGUOUS, shape, values);
    int gain = n.in(type, Layout.CONTIGUOUS, Shape.of(2), Samples.uniform("gain", 0, 2));
    int bias = n.in(type, Layout.CONTIGUOUS, Shape.of(2), Samples.uniform("bias", -1, 1));
    int ny = n.out(type, Layout.TRANSPOSED, shape, close);
    int mean = n.out(type, Layout.CONTIGUOUS, vector, close);
    int rstd = n.out(type, Layout.CONTIGUOUS, vector, close);
    n.run((k, o) -> k.layerNorm(o[nx], o[gain], o[bias], 1e-5, o[ny], o[mean], o[rstd]));
  }

  private static void wideRows(Backend b, DType type) {
    Shape shape = Shape.of(3, 30_522);
    Tolerance close = Tolerance.roundings(type, 64);
    Trial t = new Trial("softmax and cross-entropy of wide rows", b);
    int x = t.in(type, Layout.CONTIGUOUS, shape, Samples.uniform("logits", -8, 8));
    int label = t.in(DType.I32, Layout.CONTIGUOUS, Shape.of(3), Samples.below("l", 30_522));
    int y = t.out(type, Layout.CONTIGUOUS, shape, close);
    int z = t.out(type, Layout.CONTIGUOUS, shape, close);
    int loss = t.out(type, Layout.CONTIGUOUS, Shape.of(3), close);
    t.run((k, o) -> {
      k.softmax(o[x], o[y]);
      k.logSoftmax(o[x], o[z]);
      k.crossEntropy(o[x], o[label], o[loss]);
    });
  }

  private static void layerNormGradOfManyRows(Backend b, DType type) {
    for (int rows : new int[] {0, 32, 33, 333, 2100}) {
      Tolerance close = Tolerance.sum(type, 4 * rows);
      Shape shape = Shape.of(rows, 40);
      Trial t = new Trial("layerNormGrad of many rows", b);
      int dy = t.inOut(type, Layout.CONTIGUOUS, shape, Samples.uniform("dy", -1, 1), close);
      int x = t.in(type, Layout.TRANSPOSED, shape, Samples.uniform("x", -1, 1));
      int gain = t.in(type, Layout.CONTIGUOUS, Shape.of(40), Samples.uniform("gain", 0, 2));
      int mean = t.in(type, Layout.CONTIGUOUS, Shape.of(rows), Samples.uniform("m", -0.1, 0.1));
      int rstd = t.in(type, Layout.CONTIGUOUS, Shape.of(rows), Samples.uniform("s", 0.5, 2));
      int dGain = t.out(type, Layout.CONTIGUOUS, Shape.of(40), close);
      int dBias = t.out(type, Layout.SLICED, Shape.of(40), close);
      t.run((k, o) ->
          k.layerNormGrad(o[dy], o[x], o[gain], o[mean], o[rstd], o[dy], o[dGain], o[dBias]));
    }
  }
}
