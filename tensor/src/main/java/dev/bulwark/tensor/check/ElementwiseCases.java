package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Unary;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Fill, copy, functions of one and two arguments, choice. */
final class ElementwiseCases {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double[] FINITE = {0, -0.0, 1, -1, 0.5, 20, -20, 60, -60, 1e-3};
  private static final double[] ALL = {Double.NaN, INF, -INF, 0, -0.0, 1, 1e30, -1e30, 60, -60};

  /** Minus infinity times zero: kernels may differ there. */
  private static final Set<Unary> UNDEFINED_AT_INFINITY =
      EnumSet.of(Unary.GELU, Unary.GELU_TANH, Unary.SILU, Unary.SIN, Unary.COS);

  private ElementwiseCases() {}

  static void addTo(List<Case> all, DType t) {
    for (DType to : DType.values()) {
      all.add(new Case("fill " + to, b -> fill(b, to)));
      for (DType from : DType.values()) {
        all.add(new Case("copy " + from + " to " + to, b -> copy(b, from, to)));
      }
    }
    for (Unary op : Unary.values()) {
      all.add(new Case("unary " + op + " " + t, b -> unary(b, t, op)));
      all.add(new Case("unaryGrad " + op + " " + t, b -> unaryGrad(b, t, op)));
    }
    for (Binary op : Binary.values()) {
      all.add(new Case("binary " + op + " " + t, b -> binary(b, t, op)));
      if (op.isComparison()) {
        all.add(new Case("binary " + op + " I32", b -> binary(b, DType.I32, op)));
      }
    }
    all.add(new Case("affine " + t, b -> affine(b, t)));
    all.add(new Case("addScaled " + t, b -> addScaled(b, t)));
    all.add(new Case("select " + t, b -> select(b, t)));
    all.add(new Case("select I32", b -> select(b, DType.I32)));
  }

  private static void fill(Backend b, DType to) {
    for (Shape s : KernelContract.SHAPES) {
      for (Layout l : Layout.WRITABLE) {
        Trial t = new Trial("fill", b);
        int y = t.out(to, l, s, Tolerance.EXACT);
        t.run((k, o) -> k.fill(o[y], 2.5));
      }
    }
  }

  private static void copy(Backend b, DType from, DType to) {
    double[] integers = {0, 1, 255, 127, 128};
    double[] floats = {0.1, -0.75, 1e-7, 65519, 65520, 3.3895e38, 1e-40, 3e9, INF, Double.NaN};
    Samples values = Samples.uniform("copy", 0, 200).mixedWith(integers);
    if (from.isFloating() && to.isFloating()) {
      values = values.mixedWith(floats);
    }
    for (Shape s : KernelContract.SHAPES) {
      for (Layout in : Layout.values()) {
        if (in == Layout.PACKED && s.rank() == 0) {
          continue;
        }
        for (Layout out : Layout.WRITABLE) {
          Trial t = new Trial("copy", b);
          int x = t.in(from, in, s, values);
          int y = t.out(to, out, s, Tolerance.EXACT);
          t.run((k, o) -> k.copy(o[x], o[y]));
        }
      }
    }
  }

  private static void unary(Backend b, DType type, Unary op) {
    double[] special = UNDEFINED_AT_INFINITY.contains(op) ? FINITE : ALL;
    Samples values = Samples.uniform("unary", -4, 4).mixedWith(special);
    Tolerance close = Tolerance.roundings(type, 16);
    for (Shape s : KernelContract.SHAPES) {
      for (Layout in : Layout.values()) {
        if (in == Layout.PACKED && s.rank() == 0) {
          continue;
        }
        for (Layout out : Layout.WRITABLE) {
          Trial t = new Trial("unary " + op, b);
          int x = t.in(type, in, s, values);
          int y = t.out(type, out, s, close);
          t.run((k, o) -> k.unary(op, o[x], o[y]));
        }
      }
      for (Layout l : Layout.WRITABLE) {
        Trial t = new Trial("unary in place " + op, b);
        int x = t.inOut(type, l, s, values, close);
        t.run((k, o) -> k.unary(op, o[x], o[x]));
      }
    }
  }

  private static void unaryGrad(Backend b, DType type, Unary op) {
    Samples xs = Samples.uniform("x", -4, 4).mixedWith(0, 1, -1, 20, -20, Double.NaN);
    Samples positive = op == Unary.SQRT || op == Unary.LOG ? i -> Math.abs(xs.at(i)) + 0.1 : xs;
    Samples values = op == Unary.RECIPROCAL ? i -> xs.at(i) + 30 : positive;
    Samples ys = i -> op.at(type == DType.F32 ? (float) values.at(i) : values.at(i));
    Tolerance close = Tolerance.roundings(type, 32);
    for (Shape s : KernelContract.SHAPES) {
      for (Layout l : Layout.WRITABLE) {
        Trial t = new Trial("unaryGrad " + op, b);
        int x = t.in(type, Layout.CONTIGUOUS, s, values);
        int y = t.in(type, l, s, ys);
        int dy = t.in(type, Layout.LAST_BROADCAST, s, Samples.uniform("dy", -1, 1));
        int dx = t.out(type, l, s, close);
        t.run((k, o) -> k.unaryGrad(op, o[x], o[y], o[dy], o[dx]));
        Trial p = new Trial("unaryGrad in place " + op, b);
        int px = p.in(type, l, s, values);
        int py = p.in(type, Layout.CONTIGUOUS, s, ys);
        int pd = p.inOut(type, l, s, Samples.uniform("dy", -1, 1), close);
        p.run((k, o) -> k.unaryGrad(op, o[px], o[py], o[pd], o[pd]));
      }
    }
  }

  private static void binary(Backend b, DType type, Binary op) {
    boolean whole = !type.isFloating();
    Samples as = whole ? Samples.below("a", 4) : Samples.uniform("a", -2, 2).mixedWith(ALL);
    // 7 and 10 special values: the pairs that meet change from one round to the next.
    Samples bs =
        whole
            ? Samples.below("b", 4)
            : Samples.uniform("b", -2, 2).mixedWith(1, 0, -INF, 1e30, Double.NaN, INF, 2);
    DType result = op.isComparison() ? DType.U8 : type;
    Tolerance close = op.isComparison() ? Tolerance.EXACT : Tolerance.roundings(type, 16);
    for (Shape s : KernelContract.SHAPES) {
      for (Layout left : Layout.values()) {
        for (Layout right : Layout.values()) {
          if (s.rank() == 0 && (left == Layout.PACKED || right == Layout.PACKED)) {
            continue;
          }
          Trial t = new Trial("binary " + op, b);
          int x = t.in(type, left, s, as);
          int y = t.in(type, right, s, bs);
          Layout out = left.result();
          int z = t.out(result, out, s, close);
          t.run((k, o) -> k.binary(op, o[x], o[y], o[z]));
        }
      }
      if (!op.isComparison()) {
        for (Layout l : Layout.WRITABLE) {
          Trial t = new Trial("binary in place " + op, b);
          int x = t.inOut(type, l, s, as, close);
          int y = t.in(type, Layout.FIRST_BROADCAST, s, bs);
          t.run((k, o) -> k.binary(op, o[x], o[y], o[x]));
          Trial r = new Trial("binary in place of the second " + op, b);
          int p = r.in(type, Layout.CONTIGUOUS, s, as);
          int q = r.inOut(type, l, s, bs, close);
          r.run((k, o) -> k.binary(op, o[p], o[q], o[q]));
        }
      }
    }
  }

  private static void affine(Backend b, DType type) {
    Samples values = Samples.uniform("affine", -4, 4).mixedWith(ALL);
    Tolerance close = Tolerance.roundings(type, 4);
    for (Shape s : KernelContract.SHAPES) {
      for (Layout l : Layout.WRITABLE) {
        Trial t = new Trial("affine", b);
        int x = t.in(type, Layout.LAST_BROADCAST, s, values);
        int y = t.out(type, l, s, close);
        t.run((k, o) -> k.affine(o[x], -1.5, 0.25, o[y]));
        Trial p = new Trial("affine in place", b);
        int px = p.inOut(type, l, s, values, close);
        p.run((k, o) -> k.affine(o[px], 0.5, -2, o[px]));
      }
    }
  }

  private static void addScaled(Backend b, DType type) {
    Samples xs = Samples.uniform("x", -4, 4).mixedWith(ALL);
    Samples ys = Samples.uniform("y", -4, 4).mixedWith(2, INF, 0);
    Tolerance close = Tolerance.roundings(type, 16);
    for (Shape s : KernelContract.SHAPES) {
      for (Layout l : Layout.WRITABLE) {
        for (Layout in : new Layout[] {Layout.CONTIGUOUS, Layout.SLICED, Layout.FIRST_BROADCAST}) {
          Trial t = new Trial("addScaled", b);
          int x = t.in(type, in, s, xs);
          int y = t.inOut(type, l, s, ys, close);
          t.run((k, o) -> k.addScaled(o[x], 0.75, o[y]));
        }
      }
    }
  }

  private static void select(Backend b, DType type) {
    Samples as = Samples.uniform("a", 0, 50).mixedWith(type.isFloating() ? ALL : FINITE);
    for (Shape s : KernelContract.SHAPES) {
      for (Layout condition : Layout.WRITABLE) {
        for (Layout l : Layout.WRITABLE) {
          Trial t = new Trial("select", b);
          int c = t.in(DType.U8, condition, s, Samples.below("c", 3));
          int x = t.in(type, l, s, as);
          int y = t.in(type, Layout.FIRST_BROADCAST, s, Samples.uniform("b", 50, 99));
          int z = t.out(type, l, s, Tolerance.EXACT);
          t.run((k, o) -> k.select(o[c], o[x], o[y], o[z]));
        }
      }
      Trial t = new Trial("select in place", b);
      int c = t.in(DType.U8, Layout.LAST_BROADCAST, s, Samples.below("c", 2));
      int x = t.inOut(type, Layout.SLICED, s, as, Tolerance.EXACT);
      int y = t.in(type, Layout.CONTIGUOUS, s, Samples.uniform("b", 50, 99));
      t.run((k, o) -> k.select(o[c], o[x], o[y], o[x]));
    }
  }
}
