package dev.bulwark.autograd.op;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Random operands: odd shapes, axes of size 1 (and 0 where asked for), broadcast partners, and the
 * same numbers stored contiguously, transposed, or in the middle of a larger buffer.
 */
final class Draw {
  private static final int[] SIZES = {1, 1, 2, 3, 3, 4, 5, 7};

  private final Rng rng;
  private int count;

  Draw(Rng rng) {
    this.rng = rng;
  }

  Rng stream() {
    return rng.split(1000 + count++);
  }

  double uniform(double low, double high) {
    return low + (high - low) * rng.uniform(count++);
  }

  /** A number in [low, high]. */
  int between(int low, int high) {
    return low + rng.below(count++, high - low + 1);
  }

  boolean chance(double p) {
    return rng.uniform(count++) < p;
  }

  int size() {
    return SIZES[between(0, SIZES.length - 1)];
  }

  /** A shape of at most 40 elements. */
  Shape shape(int lowestRank, int highestRank) {
    int[] dims = new int[between(lowestRank, highestRank)];
    int total = 1;
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Math.min(size(), 40 / total);
      total *= dims[i];
    }
    return Shape.of(dims);
  }

  /** Like {@link #shape}, and now and then without elements. */
  Shape shapeOrEmpty(int lowestRank, int highestRank) {
    Shape s = shape(lowestRank, highestRank);
    return s.rank() > 0 && chance(0.1) ? s.with(between(0, s.rank() - 1), 0) : s;
  }

  /** An axis of a shape, sometimes counted from the end. */
  int axis(Shape s) {
    int a = between(0, s.rank() - 1);
    return chance(0.5) ? a : a - s.rank();
  }

  /** Some axes, perhaps none. */
  int[] axes(Shape s) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < s.rank(); i++) {
      if (chance(0.5)) {
        chosen.add(chance(0.5) ? i : i - s.rank());
      }
    }
    return chosen.stream().mapToInt(i -> i).toArray();
  }

  /** A shape that broadcasts to the given one: leading axes dropped, others of size 1. */
  Shape partner(Shape s) {
    int drop = chance(0.4) ? between(0, s.rank()) : 0;
    int[] dims = new int[s.rank() - drop];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = chance(0.3) ? 1 : s.dim(i + drop);
    }
    return Shape.of(dims);
  }

  /** Normal numbers. */
  Tensor normal(Shape s) {
    return numbers(s, x -> Math.sqrt(-2 * Math.log(1 - x)) * Math.cos(uniform(0, 2 * Math.PI)));
  }

  /** Numbers in [low, high). */
  Tensor uniform(Shape s, double low, double high) {
    return numbers(s, x -> low + (high - low) * x);
  }

  /** Numbers at least 0.1 away from 0. */
  Tensor awayFromZero(Shape s) {
    return numbers(s, x -> (x < 0.5 ? -0.1 : 0.1) + 3 * (x - 0.5));
  }

  /** Numbers no two of which are closer than 0.05, and none closer than that to a tenth. */
  Tensor distinct(Shape s) {
    int[] order = rng.split(count++).permutation(s.size());
    double[] values = new double[order.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (order[i] - values.length / 2) * 0.1 + uniform(0.025, 0.075) - 0.0;
    }
    return stored(s, values);
  }

  /** Truth values. */
  Tensor flags(Shape s) {
    int[] values = new int[s.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = between(0, 1);
    }
    return Tensor.of(s, values).cast(DType.U8);
  }

  /** Integers in [0, bound). */
  Tensor ids(Shape s, int bound) {
    int[] values = new int[s.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = between(0, bound - 1);
    }
    return Tensor.of(s, values);
  }

  private Tensor numbers(Shape s, DoubleUnaryOperator of) {
    double[] values = new double[s.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = of.applyAsDouble(rng.uniform(count++));
    }
    return stored(s, values);
  }

  private Tensor stored(Shape s, double[] values) {
    Tensor t = Tensor.of(s, values);
    if (s.rank() == 0 || s.size() == 0) {
      return t;
    }
    if (chance(0.25)) {
      int axis = between(0, s.rank() - 1);
      return t.transpose(axis, -1).contiguous().transpose(axis, -1);
    }
    if (chance(0.2)) {
      int axis = between(0, s.rank() - 1);
      Tensor larger = Tensor.full(s.with(axis, s.dim(axis) + 3), DType.F64, Double.NaN);
      Tensor inside = larger.slice(axis, 2, 2 + s.dim(axis));
      inside.kernels().copy(t, inside);
      return inside;
    }
    return t;
  }
}
