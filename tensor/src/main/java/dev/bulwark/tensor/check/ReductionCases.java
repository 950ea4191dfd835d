package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.List;

/** Reductions, running sums, order. */
final class ReductionCases {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final Layout[] READABLE = {
    Layout.CONTIGUOUS, Layout.SLICED, Layout.TRANSPOSED, Layout.FIRST_BROADCAST
  };

  private ReductionCases() {}

  static void addTo(List<Case> all, DType t) {
    for (Reduce op : Reduce.values()) {
      all.add(new Case("reduce " + op + " " + t, b -> reduce(b, t, op)));
    }
    all.add(new Case("argMax " + t, b -> argMax(b, t)));
    all.add(new Case("cumulativeSum " + t, b -> cumulativeSum(b, t)));
    all.add(new Case("sort ascending " + t, b -> sort(b, t, false)));
    all.add(new Case("sort descending " + t, b -> sort(b, t, true)));
    all.add(new Case("sumOfSquares " + t, b -> sumOfSquares(b, t)));
    all.add(new Case("allFinite " + t, b -> allFinite(b, t)));
  }

  private static void reduce(Backend b, DType type, Reduce op) {
    Samples values = Samples.uniform("reduce", -1, 1);
    for (int n : KernelContract.SIZES) {
      reduce(b, type, op, Shape.of(n), Shape.of(1), values);
      reduce(b, type, op, Shape.of(5, n), Shape.of(5, 1), values);
      reduce(b, type, op, Shape.of(n, 5), Shape.of(1, 5), values);
      reduce(b, type, op, Shape.of(n, 33), Shape.of(1, 33), values);
    }
    int[][] targets = {
      {1, 5, 17}, {3, 1, 17}, {3, 5, 1}, {1, 1, 17}, {1, 5, 1}, {3, 1, 1}, {1, 1, 1}
    };
    for (int[] target : targets) {
      reduce(b, type, op, Shape.of(3, 5, 17), Shape.of(target), values);
      reduce(b, type, op, Shape.of(3, 5, 17), Shape.of(target), values.mixedWith(Double.NaN, 1));
      reduce(b, type, op, Shape.of(3, 5, 17), Shape.of(target), values.mixedWith(INF, 0, 2));
    }
    reduce(b, type, op, Shape.of(3, 5), Shape.of(3, 5), values);
    reduce(b, type, op, Shape.of(), Shape.of(), values);
    reduce(b, type, op, Shape.of(2, 3, 4, 5), Shape.of(1, 3, 1, 5), values);
  }

  private static void reduce(
      Backend b, DType type, Reduce op, Shape from, Shape to, Samples values) {
    int n = from.size() / Math.max(1, to.size());
    for (Layout in : READABLE) {
      Trial t = new Trial("reduce " + op, b);
      int x = t.in(type, in, from, values);
      int y = t.out(type, in.result(), to, Tolerance.sum(type, n));
      t.run((k, o) -> k.reduce(op, o[x], o[y]));
    }
  }

  private static void argMax(Backend b, DType type) {
    Samples few = Samples.below("few", 4); // many equals
    Samples[] kinds = {
      few,
      Samples.uniform("argMax", -1, 1),
      few.mixedWith(-INF, 1, INF, Double.NaN),
      i -> -INF,
      i -> Double.NaN
    };
    for (Samples values : kinds) {
      for (int n : KernelContract.SIZES) {
        for (Layout in : READABLE) {
          Trial t = new Trial("argMax", b);
          int x = t.in(type, in, Shape.of(2, 3, n), values);
          int y = t.out(DType.I32, in.result(), Shape.of(2, 3), Tolerance.EXACT);
          t.run((k, o) -> k.argMax(o[x], o[y]));
        }
      }
    }
  }

  private static void cumulativeSum(Backend b, DType type) {
    Samples values = Samples.uniform("sum", -1, 1);
    for (int n : KernelContract.SIZES) {
      for (int axis = 0; axis < 3; axis++) {
        Shape s = Shape.of(2, 3, 5).with(axis, n);
        for (Layout l : Layout.WRITABLE) {
          int along = axis;
          Trial t = new Trial("cumulativeSum along " + axis, b);
          int x = t.in(type, l.result(), s, values);
          int y = t.out(type, l, s, Tolerance.sum(type, n));
          t.run((k, o) -> k.cumulativeSum(o[x], along, o[y]));
          Trial p = new Trial("cumulativeSum in place along " + axis, b);
          int q = p.inOut(type, l, s, values.mixedWith(1, 1, -INF), Tolerance.sum(type, n));
          p.run((k, o) -> k.cumulativeSum(o[q], along, o[q]));
        }
      }
    }
  }

  private static void sort(Backend b, DType type, boolean descending) {
    Samples[] kinds = {
      Samples.uniform("sort", -1, 1),
      Samples.below("few", 3).mixedWith(Double.NaN, INF, -INF, 0, -0.0),
    };
    for (Samples values : kinds) {
      for (int n : KernelContract.SIZES) {
        Shape s = Shape.of(3, n);
        for (Layout in : READABLE) {
          Trial t = new Trial("sort", b);
          int x = t.in(type, in, s, values);
          int y = t.out(type, in.result(), s, Tolerance.EXACT);
          int i = t.out(DType.I32, Layout.SLICED, s, Tolerance.EXACT);
          t.run((k, o) -> k.sort(o[x], descending, o[y], o[i]));
        }
        Trial p = new Trial("sort in place", b);
        int x = p.inOut(type, Layout.SLICED, s, values, Tolerance.EXACT);
        int i = p.out(DType.I32, Layout.CONTIGUOUS, s, Tolerance.EXACT);
        p.run((k, o) -> k.sort(o[x], descending, o[x], o[i]));
      }
    }
  }

  private static void sumOfSquares(Backend b, DType type) {
    Samples values = Samples.uniform("squares", -1, 1);
    // The sum grows in double, whatever the type.
    for (Samples v : List.of(values, values.mixedWith(1, INF), values.mixedWith(Double.NaN))) {
      for (Shape s : KernelContract.SHAPES) {
        for (Layout l : READABLE) {
          Trial t = new Trial("sumOfSquares", b);
          int x = t.in(type, l, s, v);
          t.measure((k, o) -> k.sumOfSquares(o[x]), Tolerance.roundings(DType.F64, 2048));
        }
      }
    }
  }

  private static void allFinite(Backend b, DType type) {
    for (double last : new double[] {1, -3e38, INF, -INF, Double.NaN}) {
      for (Shape s : KernelContract.SHAPES) {
        for (Layout l : READABLE) {
          for (int place : new int[] {0, s.size() / 2, s.size() - 1}) {
            Trial t = new Trial("allFinite", b);
            int x = t.in(type, l, s, i -> i == place ? last : 1);
            t.measure((k, o) -> k.allFinite(o[x]) ? 1 : 0, Tolerance.EXACT);
          }
        }
      }
    }
  }
}
