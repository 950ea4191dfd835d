package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.List;

/** Matrix products. */
final class ProductCases {
  private static final int[][] SIZES = { // M, K, N: vectors, odd sizes, blocks and their edges
    {1, 1, 1},
    {1, 5, 17},
    {17, 3, 1},
    {3, 16, 5},
    {5, 33, 31},
    {16, 15, 16},
    {31, 64, 33},
    {33, 127, 17},
    {65, 17, 65},
    {7, 129, 130},
    {0, 3, 4},
    {3, 0, 4},
    {3, 4, 0}
  };
  private static final Layout[] OPERANDS = {
    Layout.CONTIGUOUS, Layout.SLICED, Layout.TRANSPOSED, Layout.PACKED, Layout.LAST_BROADCAST
  };

  private ProductCases() {}

  static void addTo(List<Case> all, DType t) {
    all.add(new Case("gemm " + t, b -> gemm(b, t)));
    all.add(new Case("gemm batched " + t, b -> batched(b, t)));
    all.add(new Case("gemm alpha and beta " + t, b -> factors(b, t)));
    all.add(new Case("linear " + t, b -> linear(b, t)));
  }

  private static void gemm(Backend b, DType type) {
    for (int[] n : SIZES) {
      for (Layout left : OPERANDS) {
        for (Layout right : OPERANDS) {
          Layout out = left.result();
          Trial t = new Trial("gemm", b);
          int x = t.in(type, left, Shape.of(n[0], n[1]), Samples.uniform("a", -1, 1));
          int y = t.in(type, right, Shape.of(n[1], n[2]), Samples.uniform("b", -1, 1));
          int z = t.out(type, out, Shape.of(n[0], n[2]), Tolerance.sum(type, n[1]));
          t.run((k, o) -> k.gemm(1, o[x], o[y], 0, o[z]));
        }
      }
    }
  }

  private static void batched(Backend b, DType type) {
    for (int[] n : new int[][] {{5, 17, 3}, {1, 16, 33}, {17, 1, 16}, {3, 0, 2}}) {
      for (Layout left : List.of(Layout.CONTIGUOUS, Layout.TRANSPOSED, Layout.FIRST_BROADCAST)) {
        for (Layout right : List.of(Layout.CONTIGUOUS, Layout.TRANSPOSED, Layout.FIRST_BROADCAST)) {
          for (Layout out : Layout.WRITABLE) {
            Trial t = new Trial("gemm batched", b);
            int x = t.in(type, left, Shape.of(2, 3, n[0], n[1]), Samples.uniform("a", -1, 1));
            int y = t.in(type, right, Shape.of(2, 3, n[1], n[2]), Samples.uniform("b", -1, 1));
            int z = t.out(type, out, Shape.of(2, 3, n[0], n[2]), Tolerance.sum(type, n[1]));
            t.run((k, o) -> k.gemm(1, o[x], o[y], 0, o[z]));
          }
        }
      }
    }
    Trial none = new Trial("gemm without batches", b);
    int x = none.in(type, Layout.CONTIGUOUS, Shape.of(0, 2, 3), i -> 1);
    int y = none.in(type, Layout.CONTIGUOUS, Shape.of(0, 3, 2), i -> 1);
    int z = none.out(type, Layout.CONTIGUOUS, Shape.of(0, 2, 2), Tolerance.EXACT);
    none.run((k, o) -> k.gemm(1, o[x], o[y], 0, o[z]));
  }

  private static void factors(Backend b, DType type) {
    double[][] factors = {{1, 1}, {-0.5, 1}, {2, 0.25}, {0, 0.5}, {0, 0}, {0.125, 0}};
    for (double[] f : factors) {
      for (int[] n : new int[][] {{5, 17, 33}, {16, 64, 16}, {3, 0, 5}}) {
        for (Layout out : Layout.WRITABLE) {
          // With beta = 0, c may hold anything, NaN too.
          Samples old = f[1] == 0 ? i -> Double.NaN : Samples.uniform("c", -1, 1);
          Trial t = new Trial("gemm alpha " + f[0] + " beta " + f[1], b);
          int x = t.in(type, Layout.SLICED, Shape.of(n[0], n[1]), Samples.uniform("a", -1, 1));
          int y = t.in(type, Layout.CONTIGUOUS, Shape.of(n[1], n[2]), Samples.uniform("b", -1, 1));
          int z = t.inOut(type, out, Shape.of(n[0], n[2]), old, Tolerance.sum(type, 2 * n[1]));
          t.run((k, o) -> k.gemm(f[0], o[x], o[y], f[1], o[z]));
        }
      }
    }
  }

  private static void linear(Backend b, DType type) {
    for (int[] n : SIZES) {
      for (Layout in : Layout.WRITABLE) {
        Tolerance close = Tolerance.sum(type, n[1] + 1);
        Trial t = new Trial("linear", b);
        int x = t.in(type, in, Shape.of(n[0], n[1]), Samples.uniform("x", -1, 1));
        int w = t.in(type, Layout.CONTIGUOUS, Shape.of(n[2], n[1]), Samples.uniform("w", -1, 1));
        int s = t.in(type, Layout.SLICED, Shape.of(n[2]), Samples.uniform("bias", -1, 1));
        int y = t.out(type, in, Shape.of(n[0], n[2]), close);
        t.run((k, o) -> k.linear(o[x], o[w], o[s], o[y]));
        Trial u = new Trial("linear without bias", b);
        int ux = u.in(type, Layout.CONTIGUOUS, Shape.of(n[0], n[1]), Samples.uniform("x", -1, 1));
        int uw = u.in(type, in, Shape.of(n[2], n[1]), Samples.uniform("w", -1, 1));
        int uy = u.out(type, in, Shape.of(n[0], n[2]), close);
        u.run((k, o) -> k.linear(o[ux], o[uw], null, o[uy]));
      }
    }
  }
}
