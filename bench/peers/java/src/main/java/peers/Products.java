package peers;

import java.util.SplittableRandom;

/** A library that multiplies F32 matrices in row-major order. */
interface Products {
  /**
   * A product c = op(a) op(b), c [m, n], inner size k.
   *
   * @param m rows of c
   * @param n columns of c
   * @param k inner size
   * @param transposeA whether a lies as [k, m]
   * @param transposeB whether b lies as [n, k]
   * @return one repetition
   */
  Runnable of(int m, int n, int k, boolean transposeA, boolean transposeB);

  /** Numbers in [-0.5, 0.5). */
  static float[] random(int size, long seed) {
    SplittableRandom r = new SplittableRandom(seed);
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) (r.nextDouble() - 0.5);
    }
    return x;
  }
}
