package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.Tensor;

/**
 * Walks over tensors of one shape together, in runs along the innermost axis.
 *
 * <p>Axes that lie behind each other in every operand are merged first, so contiguous tensors of
 * any rank are one run, and "[R, N] plus [N]" is R runs of N.
 */
final class Layout {
  private static final int PIECE = 16_384; // elements that are worth a task

  /** Work on one run. */
  @FunctionalInterface
  interface Run {
    /**
     * Handles n elements.
     *
     * @param at position of the first element in each operand; valid during the call
     * @param n number of elements
     */
    void run(int[] at, int n);
  }

  private final int[] dims; // merged sizes; the last is the run
  private final int[][] strides; // [operand][axis]
  private final int[] offsets; // [operand]
  private final int rank;

  private Layout(int rank, int[] dims, int[][] strides, int[] offsets) {
    this.rank = rank;
    this.dims = dims;
    this.strides = strides;
    this.offsets = offsets;
  }

  /** The common walk over tensors of one shape. */
  static Layout of(Tensor... tensors) {
    Tensor first = tensors[0];
    int[] dims = new int[first.rank() + 1];
    int[][] strides = new int[tensors.length][dims.length];
    int[] offsets = new int[tensors.length];
    for (int t = 0; t < tensors.length; t++) {
      offsets[t] = tensors[t].offset();
    }
    int rank = 0;
    for (int axis = 0; axis < first.rank(); axis++) {
      int size = first.dim(axis);
      if (size == 1) {
        continue;
      }
      boolean merges = rank > 0;
      for (int t = 0; merges && t < tensors.length; t++) {
        merges = strides[t][rank - 1] == tensors[t].stride(axis) * size;
      }
      if (merges) {
        rank--;
        dims[rank] *= size;
      } else {
        dims[rank] = size;
      }
      for (int t = 0; t < tensors.length; t++) {
        strides[t][rank] = tensors[t].stride(axis);
      }
      rank++;
    }
    if (rank == 0) { // one element: any stride will do, and 1 takes the vector loops
      dims[0] = 1;
      rank = 1;
      for (int[] s : strides) {
        s[0] = 1;
      }
    }
    return new Layout(rank, dims, strides, offsets);
  }

  /** Distance of neighbours in a run of an operand. */
  int stride(int operand) {
    return strides[operand][rank - 1];
  }

  /** Whether everything is a single run. */
  boolean isFlat() {
    return rank == 1;
  }

  /** Handles every run, long ones in pieces, on all threads. */
  void forEach(Run body) {
    int n = dims[rank - 1];
    long runs = 1;
    for (int axis = 0; axis < rank - 1; axis++) {
      runs *= dims[axis];
    }
    if (n == 0 || runs == 0) {
      return;
    }
    if (runs == 1) {
      Parallel.range(
          n,
          PIECE,
          (from, to) -> {
            int[] at = new int[offsets.length];
            for (int t = 0; t < at.length; t++) {
              at[t] = offsets[t] + from * stride(t);
            }
            body.run(at, to - from);
          });
    } else {
      Parallel.range(
          (int) runs,
          Math.max(1, PIECE / n),
          (from, to) -> {
            int[] at = new int[offsets.length];
            for (int run = from; run < to; run++) {
              place(run, at);
              body.run(at, n);
            }
          });
    }
  }

  private void place(int run, int[] at) {
    System.arraycopy(offsets, 0, at, 0, at.length);
    int rest = run;
    for (int axis = rank - 2; axis >= 0; axis--) {
      int i = rest % dims[axis];
      rest /= dims[axis];
      for (int t = 0; t < at.length; t++) {
        at[t] += i * strides[t][axis];
      }
    }
  }
}
