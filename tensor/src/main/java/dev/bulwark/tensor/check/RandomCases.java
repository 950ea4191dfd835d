package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.List;
import java.util.stream.Stream;

/** Draws, which are equal on all back ends. */
final class RandomCases {
  private static final Rng RNG = Rng.seed(99).split("contract");

  /** Those of the contract, and one of more elements than a block of threads takes at once. */
  private static final List<Shape> SHAPES =
      Stream.concat(KernelContract.SHAPES.stream(), Stream.of(Shape.of(3, 1, 2003))).toList();

  private RandomCases() {}

  static void addTo(List<Case> all, DType t) {
    all.add(new Case("dropout " + t, b -> dropout(b, t)));
    all.add(new Case("uniform " + t, b -> draws(b, t, "uniform")));
    all.add(new Case("normal " + t, b -> draws(b, t, "normal")));
    all.add(new Case("bernoulli " + t, b -> draws(b, t, "bernoulli")));
    all.add(new Case("bernoulli U8", b -> draws(b, DType.U8, "bernoulli")));
  }

  private static void dropout(Backend b, DType type) {
    Tolerance close = Tolerance.roundings(type, 2);
    Samples values = Samples.uniform("dropout", -1, 1).mixedWith(1, Double.NaN);
    for (double p : new double[] {0, 0.1, 0.5, 0.9}) {
      for (Shape s : SHAPES) {
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
    for (Shape s : SHAPES) {
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
}
