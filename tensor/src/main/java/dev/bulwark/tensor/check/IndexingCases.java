package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.List;

/** Gather and scatter. Many indices are equal, so that sums meet. */
final class IndexingCases {
  private IndexingCases() {}

  static void addTo(List<Case> all, DType t) {
    all.add(new Case("gatherRows " + t, b -> gatherRows(b, t)));
    all.add(new Case("scatterAddRows " + t, b -> scatterAddRows(b, t)));
    all.add(new Case("gather " + t, b -> gather(b, t)));
    all.add(new Case("scatterAdd " + t, b -> scatterAdd(b, t)));
  }

  private static void gatherRows(Backend b, DType type) {
    for (int count : KernelContract.SIZES) {
      for (int width : new int[] {0, 1, 17, 64}) {
        for (Layout l : Layout.WRITABLE) {
          Trial t = new Trial("gatherRows", b);
          int table = t.in(type, l, Shape.of(7, width), Samples.uniform("table", -1, 1));
          int ids = t.in(DType.I32, l, Shape.of(count), Samples.below("ids", 7));
          int y = t.out(type, l, Shape.of(count, width), Tolerance.EXACT);
          t.run((k, o) -> k.gatherRows(o[table], o[ids], o[y]));
        }
      }
    }
  }

  private static void scatterAddRows(Backend b, DType type) {
    for (int count : KernelContract.SIZES) {
      for (int width : new int[] {0, 1, 17, 64}) {
        for (Layout l : Layout.WRITABLE) {
          Trial t = new Trial("scatterAddRows", b);
          int dy = t.in(type, l, Shape.of(count, width), Samples.uniform("dy", -1, 1));
          int ids = t.in(DType.I32, l, Shape.of(count), Samples.below("ids", 7));
          Samples old = Samples.uniform("table", -1, 1);
          int table = t.inOut(type, l, Shape.of(7, width), old, Tolerance.sum(type, count));
          t.run((k, o) -> k.scatterAddRows(o[dy], o[ids], o[table]));
        }
      }
    }
  }

  private static void gather(Backend b, DType type) {
    for (int axis = 0; axis < 3; axis++) {
      for (int n : KernelContract.SIZES) {
        for (Layout l : Layout.WRITABLE) {
          int along = axis;
          Shape to = Shape.of(2, 3, 5).with(axis, n);
          Trial t = new Trial("gather along " + axis, b);
          int x = t.in(type, l, Shape.of(2, 3, 5).with(axis, 6), Samples.uniform("x", -1, 1));
          int index = t.in(DType.I32, l, to, Samples.below("index", 6));
          int y = t.out(type, l, to, Tolerance.EXACT);
          t.run((k, o) -> k.gather(o[x], along, o[index], o[y]));
        }
      }
    }
  }

  private static void scatterAdd(Backend b, DType type) {
    for (int axis = 0; axis < 3; axis++) {
      for (int n : KernelContract.SIZES) {
        for (Layout l : Layout.WRITABLE) {
          int along = axis;
          Shape from = Shape.of(2, 3, 5).with(axis, n);
          Trial t = new Trial("scatterAdd along " + axis, b);
          int dy = t.in(type, l, from, Samples.uniform("dy", -1, 1));
          int index = t.in(DType.I32, l, from, Samples.below("index", 6));
          Samples old = Samples.uniform("x", -1, 1);
          Shape to = Shape.of(2, 3, 5).with(axis, 6);
          int dx = t.inOut(type, l, to, old, Tolerance.sum(type, n));
          t.run((k, o) -> k.scatterAdd(o[dy], along, o[index], o[dx]));
        }
      }
    }
  }
}
