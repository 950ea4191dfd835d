package dev.bulwark.tensor;

/**
 * A named place in a tree of random streams: an immutable key for Philox 4x32-10 (Salmon et al.,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 *
 * <p>Draws are counter-based: element {@code i} of a draw is lane {@code i % 4} of block {@code i /
 * 4}, whatever the thread count, the back end, or how often it is asked for. Different draws take
 * different keys: {@code rng.split("dropout").split(layer)}.
 *
 * @param key the 64-bit Philox key
 */
public record Rng(long key) {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;

  /**
   * The root of a run.
   *
   * @param seed any number
   * @return the root key
   */
  public static Rng seed(long seed) {
    return new Rng(mix(seed ^ 0x62756c7761726bL));
  }

  /**
   * A child stream by name.
   *
   * @param name the child's name
   * @return a key that depends on this key and the name alone
   */
  public Rng split(String name) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      h = (h ^ name.charAt(i)) * 0x100000001b3L;
    }
    return new Rng(mix(key ^ mix(h)));
  }

  /**
   * A child stream by number.
   *
   * @param number step, layer, example or sample number
   * @return a key that depends on this key and the number alone
   */
  public Rng split(long number) {
    return new Rng(mix(key + mix(number + 0x9E3779B97F4A7C15L)));
  }

  /**
   * One 32-bit word of this stream.
   *
   * @param index element number, 0 or more
   * @return the word, uniform over all ints
   */
  public int bits(long index) {
    int[] block = new int[4];
    block(index >>> 2, block);
    return block[(int) (index & 3)];
  }

  /**
   * One block of four words.
   *
   * @param counter block number, 0 or more
   * @param out receives the four words
   */
  public void block(long counter, int[] out) {
    int c0 = (int) counter;
    int c1 = (int) (counter >>> 32);
    int c2 = 0;
    int c3 = 0;
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < 10; round++) {
      long p0 = (M0 & 0xffffffffL) * (c0 & 0xffffffffL);
      long p1 = (M1 & 0xffffffffL) * (c2 & 0xffffffffL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /**
   * One number in [0, 1) with 24 random bits.
   *
   * @param index element number
   * @return the number, exact in float
   */
  public float uniform(long index) {
    return toUniform(bits(index));
  }

  /**
   * One integer below a bound.
   *
   * @param index element number
   * @param bound exclusive upper bound, at least 1
   * @return an integer in [0, bound), with bias below bound / 2^32
   */
  public int below(long index, int bound) {
    return (int) (((bits(index) & 0xffffffffL) * bound) >>> 32);
  }

  /**
   * A random order of n things (Fisher-Yates).
   *
   * @param n how many
   * @return a permutation of 0 to n - 1
   */
  public int[] permutation(int n) {
    int[] p = new int[n];
    for (int i = 0; i < n; i++) {
      p[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = below(i, i + 1);
      int t = p[i];
      p[i] = p[j];
      p[j] = t;
    }
    return p;
  }

  /**
   * A number in [0, 1) from a word: its upper 24 bits.
   *
   * @param bits a word of the stream
   * @return bits / 2^32, rounded down to 24 bits
   */
  public static float toUniform(int bits) {
    return (bits >>> 8) * 0x1p-24f;
  }

  /**
   * The bound below which an element is dropped: drop if {@code bits <u threshold(p)}.
   *
   * @param p probability in [0, 1)
   * @return p * 2^32 as an unsigned int
   */
  public static int threshold(double p) {
    return (int) (long) (p * 0x1p32);
  }

  private static long mix(long z) { // the finaliser of SplitMix64
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
