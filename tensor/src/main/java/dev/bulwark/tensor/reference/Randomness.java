package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;

/** Kernels that draw from a Philox stream, each element from its own place in it. */
final class Randomness {
  private Randomness() {}

  static void dropout(Tensor x, double p, Rng rng, Tensor y) {
    Walk w = Walk.over(x, y);
    double[] v = w.buffer();
    Words words = new Words(rng);
    int threshold = Rng.threshold(p);
    while (w.next()) {
      w.load(0, v);
      for (int i = 0; i < w.length(); i++) {
        boolean dropped = Integer.compareUnsigned(words.at(w.element() + i), threshold) < 0;
        v[i] = dropped ? 0 : v[i] / (1 - p);
      }
      w.store(v, 1);
    }
  }

  static void uniform(Rng rng, double low, double high, Tensor y) {
    Walk w = Walk.over(y);
    double[] v = w.buffer();
    Words words = new Words(rng);
    while (w.next()) {
      for (int i = 0; i < w.length(); i++) {
        v[i] = low + (high - low) * Rng.toUniform(words.at(w.element() + i));
      }
      w.store(v, 0);
    }
  }

  static void normal(Rng rng, double mean, double deviation, Tensor y) {
    Walk w = Walk.over(y);
    double[] v = w.buffer();
    Words words = new Words(rng);
    while (w.next()) {
      for (int i = 0; i < w.length(); i++) {
        long element = w.element() + i;
        v[i] = mean + deviation * boxMuller(words.at(2 * element), words.at(2 * element + 1));
      }
      w.store(v, 0);
    }
  }

  static void bernoulli(Rng rng, double p, Tensor y) {
    Walk w = Walk.over(y);
    double[] v = w.buffer();
    Words words = new Words(rng);
    int threshold = Rng.threshold(p);
    while (w.next()) {
      for (int i = 0; i < w.length(); i++) {
        v[i] = Integer.compareUnsigned(words.at(w.element() + i), threshold) < 0 ? 1 : 0;
      }
      w.store(v, 0);
    }
  }

  /** StrictMath: the same bits on every machine. */
  private static double boxMuller(int first, int second) {
    double u = (Integer.toUnsignedLong(first) + 1) * 0x1p-32; // in (0, 1], so its log is finite
    double v = Integer.toUnsignedLong(second) * 0x1p-32;
    return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
  }

  /** Words of a stream; remembers the present block of four. */
  private static final class Words {
    private final Rng rng;
    private final int[] block = new int[4];
    private long held = -1;

    Words(Rng rng) {
      this.rng = rng;
    }

    int at(long index) {
      long number = index >>> 2;
      if (number != held) {
        rng.block(number, block);
        held = number;
      }
      return block[(int) (index & 3)];
    }
  }
}
