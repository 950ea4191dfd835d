package dev.bulwark.autograd.op;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.util.List;

/** Random zeros. */
public final class Dropout {
  private Dropout() {}

  /**
   * Zeroes elements at random and scales the rest by 1 / (1 - p). Nothing is stored: the backward
   * draws the same numbers again.
   *
   * @param x any shape
   * @param p probability of a zero, in [0, 1)
   * @param rng stream of its own: two calls with the same stream drop the same elements
   * @return the thinned tensor; x itself if p is 0
   */
  public static Variable dropout(Variable x, double p, Rng rng) {
    Operands.needFloating("dropout", x);
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout: probability " + p + " is not in [0, 1)");
    }
    if (p == 0) {
      return x;
    }
    return Node.of(
        "dropout",
        thinned(x.value(), p, rng),
        List.of(x),
        (dy, to) -> to.add(0, () -> thinned(dy, p, rng)));
  }

  private static Tensor thinned(Tensor x, double p, Rng rng) {
    Tensor y = Operands.emptyLike(x);
    y.kernels().dropout(x, p, rng, y);
    return y;
  }
}
