package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.List;

/** Draws, which are equal on all back ends, and the optimiser step. */
final class RandomCases {
  private static final Rng RNG = Rng.seed(99).split("contract");

  private RandomCases() {}

  static void addTo(List<Case> all, DType t) {
    all.add(new Case("dropout " + t, b -> dropout(b, t)));
    all.add(new Case("uniform " + t, b -> draws(b, t, "uniform")));
    all.add(new Case("normal " + t, b -> draws(b, t, "normal")));
    all.add(new Case("bernoulli " + t, b -> draws(b, t, "bernoulli")));
    all.add(new Case("bernoulli U8", b -> draws(b, DType.U8, "bernoulli")));
    all.add(new Case("adamW " + t, b -> adamW(b, t)));
  }

  private static void dropout(Backend b, DType type) {
    Tolerance close = Tolerance.roundings(type, 2);
    Samples values = Samples.uniform("dropout", -1, 1).mixedWith(1, Double.NaN);
    for (double p : new double[] {0, 0.1, 0.5, 0.9}) {
      for (Shape s : KernelContract.SHAPES) {
        for (Layout l : Layout.WRITABLE) {
          Trial t = new Trial("dropout " + p, b);
          int x = t.in(type, Layout.FIRST_BROADCAST, s, values);
          int y = t.out(type, l, s, close);
          t.run((k, o) -> k.dropout(o[x], p, RNG, o[y]));
          Trial q = new Trial("dropout in place " + p, b);
          int z = q.inOut(type, l, s, values, close);
          q.run((k, o) -> k.dropout(o[z], p, RNG, o[z]));
        }
      }
    }
  }

  private static void draws(Backend b, DType type, String kind) {
    for (Shape s : KernelContract.SHAPES) {
      for (Layout l : Layout.WRITABLE) {
        Trial t = new Trial(kind, b);
        int y = t.out(type, l, s, Tolerance.roundings(type, 2));
        t.run((k, o) -> {
          switch (kind) {
            case "uniform" -> k.uniform(RNG, -2, 3, o[y]);
            case "normal" -> k.normal(RNG, 0.5, 2, o[y]);
            default -> k.bernoulli(RNG, 0.3, o[y]);
          }
        });
      }
    }
  }

  private static void adamW(Backend b, DType type) {
    AdamW[] steps = {
      new AdamW(1e-3, 0.9, 0.999, 1e-8, 0.01, 1, 1),
      new AdamW(0.1, 0.8, 0.99, 1e-6, 0, 7, 0.25),
      new AdamW(0, 0.9, 0.999, 1e-8, 0.1, 100_000, 1)
    };
    for (AdamW step : steps) {
      for (int n : KernelContract.SIZES) {
        Tolerance close = Tolerance.roundings(type, 32);
        Trial t = new Trial("adamW " + step, b);
        Layout dense = Layout.CONTIGUOUS;
        int p = t.inOut(type, dense, Shape.of(3, n), Samples.uniform("p", -1, 1), close);
        int g = t.in(type, dense, Shape.of(3, n), Samples.uniform("g", -1, 1).mixedWith(0));
        int m = t.inOut(type, dense, Shape.of(3, n), Samples.uniform("m", -1, 1), close);
        int v = t.inOut(type, dense, Shape.of(3, n), Samples.uniform("v", 0.01, 1), close);
        t.run((k, o) -> k.adamW(step, o[p], o[g], o[m], o[v]));
      }
    }
  }
}
