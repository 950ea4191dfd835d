package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AdamWUpdate;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.ArrayList;
import java.util.List;

/**
 * What a training step needs: the optimiser step, norms and checks of many tensors at once. Cases
 * of kernels that take a list have "[]" after the name.
 */
final class TrainingCases {
  private static final AdamW[] STEPS = {
    new AdamW(1e-3, 0.9, 0.999, 1e-8, 0.01, 1, 1),
    new AdamW(0.1, 0.8, 0.99, 1e-6, 0, 7, 0.25),
    new AdamW(0, 0.9, 0.999, 1e-8, 0.1, 100_000, 1)
  };

  private TrainingCases() {}

  static void addTo(List<Case> all, DType t) {
    all.add(new Case("adamW " + t, b -> adamW(b, t)));
    all.add(new Case("adamW[] " + t, b -> adamWOfMany(b, t)));
    all.add(new Case("sumsOfSquares[] " + t, b -> sumsOfSquares(b, t)));
    all.add(new Case("allFinite[] " + t, b -> allFiniteOfMany(b, t)));
  }

  private static void adamW(Backend b, DType type) {
    for (AdamW step : STEPS) {
      for (int n : KernelContract.SIZES) {
        Trial t = new Trial("adamW " + step, b);
        int p = parameter(t, type, Shape.of(3, n), Samples.uniform("g", -1, 1).mixedWith(0));
        t.run((k, o) -> k.adamW(step, o[p], o[p + 1], o[p + 2], o[p + 3]));
      }
    }
  }

  /** Operands of an update: parameter, gradient, moments; gives the parameter's number. */
  private static int parameter(Trial t, DType type, Shape shape, Samples gradient) {
    Tolerance close = Tolerance.roundings(type, 32);
    Layout dense = Layout.CONTIGUOUS;
    int p = t.inOut(type, dense, shape, Samples.uniform("p", -1, 1), close);
    t.in(type, dense, shape, gradient);
    t.inOut(type, dense, shape, Samples.uniform("m", -1, 1), close);
    t.inOut(type, dense, shape, Samples.uniform("v", 0.01, 1), close);
    return p;
  }

  /** Parameters of all sizes, each inside larger memory, and two kinds of step. */
  private static void adamWOfMany(Backend b, DType type) {
    for (int count : new int[] {0, 1, 15, 16, 17, 40}) {
      Trial t = new Trial("adamW of " + count, b);
      for (int i = 0; i < count; i++) {
        int n = i == 16 ? 140_009 : KernelContract.SIZES[i % KernelContract.SIZES.length];
        parameter(t, type, Shape.of(3, n), Samples.uniform("g" + i, -1, 1));
      }
      t.run((k, o) -> {
        List<AdamWUpdate> updates = new ArrayList<>();
        for (int i = 0; i < o.length; i += 4) {
          updates.add(
              new AdamWUpdate(
                  STEPS[i / 4 % 2],
                  inner(o[i]),
                  inner(o[i + 1]),
                  inner(o[i + 2]),
                  inner(o[i + 3])));
        }
        k.adamW(updates);
      });
    }
  }

  private static Tensor inner(Tensor t) {
    return t.slice(0, 1, 3);
  }

  private static void sumsOfSquares(Backend b, DType type) {
    Samples values = Samples.uniform("squares", -1, 1);
    Samples infinite = values.mixedWith(1, Double.POSITIVE_INFINITY);
    Trial t = new Trial("sumsOfSquares", b);
    int count = many(t, type, i -> i % 7 == 3 ? infinite : values);
    for (int i = 0; i < count; i++) {
      int one = i;
      t.measure((k, o) -> k.sumsOfSquares(List.of(o))[one], Tolerance.roundings(DType.F64, 4096));
    }
    Trial none = new Trial("sumsOfSquares of nothing", b);
    none.measure((k, o) -> k.sumsOfSquares(List.of()).length, Tolerance.EXACT);
  }

  private static void allFiniteOfMany(Backend b, DType type) {
    Samples values = Samples.uniform("finite", -1, 1).mixedWith(3e38, -3e38);
    for (int broken : new int[] {-1, 3, 11, 16, 35}) {
      Trial t = new Trial("allFinite with number " + broken + " broken", b);
      many(t, type, i -> i == broken ? values.mixedWith(1, Double.NaN) : values);
      t.measure((k, o) -> k.allFinite(List.of(o)) ? 1 : 0, Tolerance.EXACT);
    }
    Trial none = new Trial("allFinite of nothing", b);
    none.measure((k, o) -> k.allFinite(List.of()) ? 1 : 0, Tolerance.EXACT);
  }

  /** Which numbers an operand has. */
  private interface Kind {
    Samples of(int operand);
  }

  /** Every shape in every layout that a result may have; gives how many. */
  private static int many(Trial t, DType type, Kind kind) {
    int count = 0;
    for (Layout l : Layout.WRITABLE) {
      for (Shape s : KernelContract.SHAPES) {
        t.in(type, l, s, kind.of(count++));
      }
    }
    return count;
  }
}
