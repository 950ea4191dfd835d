package dev.bulwark.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The vector width, chosen once, and what every vector loop needs. */
final class Lanes {
  /** The widest floats of this machine. */
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  /** Ints of the same width. */
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** Longs of the same width. */
  static final VectorSpecies<Long> G = VectorSpecies.of(long.class, F.vectorShape());

  /** Floats in a vector. */
  static final int L = F.length();

  private static final VectorShuffle<Float> BY8 = rotation(8);
  private static final VectorShuffle<Float> BY4 = rotation(4);
  private static final VectorShuffle<Float> BY2 = rotation(2);
  private static final VectorShuffle<Float> BY1 = rotation(1);

  private Lanes() {}

  static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(F, x, at);
  }

  static FloatVector load(float[] x, int at, VectorMask<Float> mask) {
    return FloatVector.fromArray(F, x, at, mask);
  }

  static FloatVector splat(float value) {
    return FloatVector.broadcast(F, value);
  }

  static FloatVector zero() {
    return FloatVector.zero(F);
  }

  /** Mask of the lanes i with from + i below n. */
  static VectorMask<Float> tail(int from, int n) {
    return F.indexInRange(from, n);
  }

  /**
   * Sum of the lanes, as a tree of halves. {@code reduceLanes} leaves the order open, and the
   * interpreter and the compiler do differ.
   */
  static float sum(FloatVector v) {
    FloatVector s = v;
    if (L > 16) {
      throw new IllegalStateException("vectors of " + L + " floats are not foreseen");
    }
    if (L > 8) {
      s = s.add(s.rearrange(BY8));
    }
    if (L > 4) {
      s = s.add(s.rearrange(BY4));
    }
    if (L > 2) {
      s = s.add(s.rearrange(BY2));
    }
    if (L > 1) {
      s = s.add(s.rearrange(BY1));
    }
    return s.lane(0);
  }

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(F, i -> (i + by) % L);
  }

  /** Bits of random words as a vector. */
  static IntVector load(int[] x, int at) {
    return IntVector.fromArray(I, x, at);
  }

  static LongVector splat(long value) {
    return LongVector.broadcast(G, value);
  }
}
