package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;

/** Numbers for an operand, by row-major element number. */
@FunctionalInterface
interface Samples {
  /** The element's value. */
  double at(int element);

  /** These numbers as a contiguous F64 tensor of the reference back end. */
  default Tensor tensor(Shape shape) {
    Tensor t = Tensor.empty(shape, DType.F64, Backends.reference());
    double[] to = t.heap().doubles(); // perhaps longer than the tensor
    for (int i = 0; i < t.size(); i++) {
      to[i] = at(i);
    }
    return t;
  }

  /** Uniform in [low, high). */
  static Samples uniform(String name, double low, double high) {
    Rng rng = Rng.seed(1).split(name);
    return i -> low + (high - low) * rng.uniform(i);
  }

  /** Uniform integers from 0 to bound - 1. */
  static Samples below(String name, int bound) {
    Rng rng = Rng.seed(2).split(name);
    return i -> rng.below(i, bound);
  }

  /** These numbers again and again, with others between them. */
  default Samples mixedWith(double... special) {
    return i -> i % 3 == 1 ? special[i / 3 % special.length] : at(i);
  }
}
