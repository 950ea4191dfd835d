package dev.bulwark.robust.method;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each of many numbers stands among all of them, smallest first; of equal ones, the one that
 * comes first in order.
 *
 * <p>The numbers are sorted as the bits of a float in front of an index, 8 bytes an entry. With the
 * ranks themselves that is 12 bytes an entry at the peak, beside the tensors: 1.0 GB for the 85
 * million entries in the layers of BERT-base.
 */
public final class Ranks {
  private Ranks() {}

  /**
   * Relative ranks over all tensors together: the number of smaller entries over the number of all
   * others.
   *
   * @param scores numbers of at least 0, all F32 or all F64; fewer than 2^31 in all
   * @return of the same shapes and type, in [0, 1]
   */
  public static List<Tensor> relative(List<Tensor> scores) {
    int[] ranks = ranks(scores);
    double scale = 1.0 / Math.max(1, ranks.length - 1);
    List<Tensor> relative = new ArrayList<>();
    int from = 0;
    for (Tensor t : scores) {
      relative.add(part(t.shape(), t.dtype(), ranks, from, scale));
      from += t.size();
    }
    return relative;
  }

  private static int[] ranks(List<Tensor> scores) {
    long[] sorted = sorted(scores);
    int[] ranks = new int[sorted.length];
    for (int rank = 0; rank < sorted.length; rank++) {
      ranks[(int) sorted[rank]] = rank;
    }
    return ranks;
  }

  /** The entries in ascending order: the bits of a float, then the entry's number. */
  private static long[] sorted(List<Tensor> scores) {
    long[] packed = new long[scores.stream().mapToInt(Tensor::size).reduce(0, Math::addExact)];
    int at = 0;
    for (Tensor t : scores) {
      if (t.dtype() == DType.F32) {
        for (float f : t.toFloats()) {
          packed[at] = pack(f, at++);
        }
      } else {
        for (double d : t.toDoubles()) {
          packed[at] = pack((float) d, at++);
        }
      }
    }
    Arrays.sort(packed);
    if (scores.stream().anyMatch(t -> t.dtype() == DType.F64)) {
      refine(packed, scores);
    }
    return packed;
  }

  private static long pack(float score, int entry) {
    return (long) Float.floatToRawIntBits(score + 0f) << 32 | entry; // + 0f: no negative zero
  }

  /** Puts doubles that are one float in order: an insertion sort, since few are. */
  private static void refine(long[] packed, List<Tensor> scores) {
    double[] all = scores.stream().flatMapToDouble(t -> Arrays.stream(t.toDoubles())).toArray();
    for (int i = 1; i < packed.length; i++) {
      long moved = packed[i];
      int to = i;
      while (to > 0 && all[(int) packed[to - 1]] > all[(int) moved]) {
        packed[to] = packed[--to];
      }
      packed[to] = moved;
    }
  }

  private static Tensor part(Shape shape, DType dtype, int[] ranks, int from, double scale) {
    if (dtype == DType.F32) {
      float[] part = new float[shape.size()];
      for (int i = 0; i < part.length; i++) {
        part[i] = (float) (ranks[from + i] * scale);
      }
      return Tensor.of(shape, part);
    }
    double[] part = new double[shape.size()];
    Arrays.setAll(part, i -> ranks[from + i] * scale);
    return Tensor.of(shape, part);
  }
}
