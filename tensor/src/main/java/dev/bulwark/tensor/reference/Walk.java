package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;

/**
 * Visits tensors of one shape together, in row-major order, one run of elements at a time.
 *
 * <p>A kernel loads a run of each operand, computes, and stores a run of the result: strides, types
 * and operands that are the result itself need no thought there.
 *
 * <pre>{@code
 * Walk w = Walk.over(x, y);
 * double[] v = w.buffer();
 * while (w.next()) {
 *   w.load(0, v);
 *   for (int i = 0; i < w.length(); i++) v[i] = f(v[i]);
 *   w.store(v, 1);
 * }
 * }</pre>
 */
final class Walk {
  private static final int LONGEST = 2048; // a few buffers of this length fit the first cache

  private final Tensor[] operands;
  private final int[] outer; // sizes of the axes that are stepped through
  private final int[][] steps; // stride of operand i along outer axis j
  private final int[] strides; // stride of operand i within a run
  private final int[] starts; // where operand i's present run begins
  private final int[] index; // position along the outer axes
  private final int inner; // size of the axis of the runs
  private final int longest;
  private int remaining; // outer positions to come, the present one included
  private int from; // position of the present run on its axis
  private int length;
  private long element;
  private boolean started;

  private Walk(Tensor[] operands, int[] dims, int[][] all, int longest) {
    int last = dims.length - 1;
    this.operands = operands;
    this.outer = Arrays.copyOf(dims, last);
    this.steps = all;
    this.inner = dims[last];
    this.longest = longest;
    this.index = new int[last];
    this.strides = new int[operands.length];
    this.starts = new int[operands.length];
    for (int i = 0; i < operands.length; i++) {
      operands[i].buffer().checkLive();
      strides[i] = all[i][last];
      starts[i] = operands[i].offset();
    }
    int positions = 1;
    for (int d : outer) {
      positions *= d;
    }
    remaining = positions;
  }

  /** Runs of any convenient length over tensors of one shape; no run is empty. */
  static Walk over(Tensor... operands) {
    Shape shape = sameShape(operands);
    int rank = shape.rank();
    int[] dims = new int[rank + 1];
    int[][] all = new int[operands.length][rank + 1];
    // Axes are taken from the innermost outwards; one that continues the axis inside it is merged.
    dims[rank] = shape.size() == 0 ? 0 : 1;
    int at = rank;
    for (int axis = rank - 1; axis >= 0 && shape.size() > 0; axis--) {
      int d = shape.dim(axis);
      if (d == 1) {
        continue;
      }
      if (dims[at] != 1 && !continues(operands, axis, all, at, dims[at])) {
        at--;
        dims[at] = 1;
      }
      for (int i = 0; dims[at] == 1 && i < operands.length; i++) {
        all[i][at] = operands[i].stride(axis);
      }
      dims[at] *= d;
    }
    for (int i = 0; i < operands.length; i++) {
      all[i] = Arrays.copyOfRange(all[i], at, rank + 1);
    }
    return new Walk(operands, Arrays.copyOfRange(dims, at, rank + 1), all, LONGEST);
  }

  /** Whole rows: each run is the last axis, even where that is empty. */
  static Walk rows(Tensor... operands) {
    int[] dims = sameShape(operands).dims();
    int[][] all = new int[operands.length][dims.length];
    for (int i = 0; i < operands.length; i++) {
      for (int axis = 0; axis < dims.length; axis++) {
        all[i][axis] = operands[i].stride(axis);
      }
    }
    return new Walk(operands, dims, all, Integer.MAX_VALUE);
  }

  /** Position in t's buffer of the given row-major number over its first axes. */
  static int start(Tensor t, int axes, int number) {
    int at = t.offset();
    for (int axis = axes - 1, rest = number; axis >= 0; axis--) {
      at += rest % t.dim(axis) * t.stride(axis);
      rest /= t.dim(axis);
    }
    return at;
  }

  /** Moves to the next run, first to the first; false at the end. */
  boolean next() {
    if (!started) {
      started = true;
      length = Math.min(inner, longest);
      return remaining > 0 && (inner > 0 || longest == Integer.MAX_VALUE);
    }
    element += length;
    from += length;
    if (from < inner) {
      for (int i = 0; i < starts.length; i++) {
        starts[i] += length * strides[i];
      }
      length = Math.min(inner - from, longest);
      return true;
    }
    return nextOuter();
  }

  private boolean nextOuter() {
    if (--remaining <= 0) {
      return false;
    }
    for (int i = 0; i < starts.length; i++) {
      starts[i] -= (from - length) * strides[i];
    }
    from = 0;
    length = Math.min(inner, longest);
    for (int axis = outer.length - 1; ; axis--) {
      boolean wraps = ++index[axis] == outer[axis];
      for (int i = 0; i < starts.length; i++) {
        starts[i] += wraps ? (1 - outer[axis]) * steps[i][axis] : steps[i][axis];
      }
      if (!wraps) {
        return true;
      }
      index[axis] = 0;
    }
  }

  /** Elements of the present run. */
  int length() {
    return length;
  }

  /** Row-major number of the present run's first element. */
  long element() {
    return element;
  }

  /** Stride of an operand within runs. */
  int stride(int operand) {
    return strides[operand];
  }

  /** Where an operand's present run begins in its buffer. */
  int start(int operand) {
    return starts[operand];
  }

  /** Fresh room for the longest run. */
  double[] buffer() {
    return new double[Math.min(inner, longest)];
  }

  /** Reads the present run of an operand. */
  void load(int operand, double[] to) {
    Runs.load(operands[operand], starts[operand], strides[operand], to, length);
  }

  /** Writes the present run of an operand. */
  void store(double[] from, int operand) {
    Runs.store(from, length, operands[operand], starts[operand], strides[operand]);
  }

  private static boolean continues(Tensor[] operands, int axis, int[][] all, int at, int size) {
    for (int i = 0; i < operands.length; i++) {
      if (operands[i].stride(axis) != all[i][at] * size) {
        return false;
      }
    }
    return true;
  }

  private static Shape sameShape(Tensor[] operands) {
    Shape shape = operands[0].shape();
    for (Tensor t : operands) {
      if (!t.shape().equals(shape)) {
        throw new IllegalStateException(
            "operands of one kernel have shapes " + shape + " and " + t.shape());
      }
    }
    return shape;
  }
}
