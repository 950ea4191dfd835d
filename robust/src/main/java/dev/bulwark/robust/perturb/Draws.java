package dev.bulwark.robust.perturb;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import java.util.Arrays;

/**
 * Where a method's random numbers come from: a stream, or numbers that were drawn elsewhere, to
 * compare with another implementation. Each draw has a name, unique within its step.
 */
public interface Draws {
  /**
   * Uniform numbers.
   *
   * @param name of the draw
   * @param shape of the result
   * @param dtype F32 or F64
   * @param low inclusive lower bound
   * @param high exclusive upper bound
   * @return the numbers
   */
  Tensor uniform(String name, Shape shape, DType dtype, double low, double high);

  /**
   * Standard normal numbers.
   *
   * @param name of the draw
   * @param shape of the result
   * @param dtype F32 or F64
   * @return the numbers
   */
  Tensor normal(String name, Shape shape, DType dtype);

  /**
   * Integers with replacement.
   *
   * @param name of the draw
   * @param count how many
   * @param bound exclusive upper bound, at least 1
   * @return integers in [0, bound)
   */
  int[] below(String name, int count, int bound);

  /**
   * A random order.
   *
   * @param name of the draw
   * @param n how many things
   * @return a permutation of 0 to n - 1
   */
  int[] permutation(String name, int n);

  /**
   * Zeroes elements at random and divides the rest by 1 - p, in place; the same elements of every
   * tensor of one shape that is given for one name.
   *
   * @param name of the draw
   * @param x any tensor
   * @param p probability of a zero, in [0, 1)
   */
  void dropout(String name, Tensor x, double p);

  /**
   * Draws from a stream.
   *
   * @param rng the stream, split by the name of each draw
   * @return the draws
   */
  static Draws of(Rng rng) {
    return new Draws() {
      @Override
      public Tensor uniform(String name, Shape shape, DType dtype, double low, double high) {
        return Tensors.uniform(shape, dtype, low, high, rng.split(name));
      }

      @Override
      public Tensor normal(String name, Shape shape, DType dtype) {
        return Tensors.normal(shape, dtype, 0, 1, rng.split(name));
      }

      @Override
      public void dropout(String name, Tensor x, double p) {
        x.kernels().dropout(x, p, rng.split(name), x);
      }

      @Override
      public int[] below(String name, int count, int bound) {
        Rng stream = rng.split(name);
        int[] drawn = new int[count];
        Arrays.setAll(drawn, i -> stream.below(i, bound));
        return drawn;
      }

      @Override
      public int[] permutation(String name, int n) {
        return rng.split(name).permutation(n);
      }
    };
  }
}
