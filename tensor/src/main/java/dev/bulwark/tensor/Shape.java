package dev.bulwark.tensor;

import java.util.Arrays;

/** Sizes of a tensor's axes: immutable, rank 0 to 8, at most 2^31 - 1 elements. */
public final class Shape {
  /** Highest rank. */
  public static final int MAX_RANK = 8;

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    if (dims.length > MAX_RANK) {
      throw new ShapeException(
          "shape " + Arrays.toString(dims) + " has rank " + dims.length + "; at most 8 is allowed");
    }
    long n = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new ShapeException("shape " + Arrays.toString(dims) + " has a negative axis");
      }
      n = n == 0 || d == 0 ? 0 : Math.multiplyExact(n, (long) d);
      if (n > Integer.MAX_VALUE) {
        throw new ShapeException(
            "shape "
                + Arrays.toString(dims)
                + " has more than 2^31 - 1 elements; split the tensor");
      }
    }
    this.dims = dims;
    this.size = (int) n;
  }

  /**
   * A shape of these sizes.
   *
   * @param dims sizes, outermost first; none for a scalar
   * @return the shape
   * @throws ShapeException if a size is negative, the rank is above 8, or there are too many
   *     elements
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /**
   * The number of axes.
   *
   * @return rank, 0 for a scalar
   */
  public int rank() {
    return dims.length;
  }

  /**
   * The size of an axis.
   *
   * @param axis axis number; negative counts from the end
   * @return its size
   */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /**
   * An axis number in [0, rank) from one that may be negative.
   *
   * @param axis axis number in [-rank, rank)
   * @return the same axis, counted from the front
   * @throws ShapeException if there is no such axis
   */
  public int axis(int axis) {
    int a = axis < 0 ? axis + dims.length : axis;
    if (a < 0 || a >= dims.length) {
      throw new ShapeException("axis " + axis + " does not exist in shape " + this);
    }
    return a;
  }

  /**
   * The number of elements.
   *
   * @return product of all sizes; 1 for a scalar
   */
  public int size() {
    return size;
  }

  /**
   * The sizes.
   *
   * @return a fresh array, outermost first
   */
  public int[] dims() {
    return dims.clone();
  }

  /**
   * Element strides of a contiguous row-major tensor of this shape.
   *
   * @return a fresh array
   */
  public int[] strides() {
    int[] s = new int[dims.length];
    int step = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      s[i] = step;
      step *= Math.max(dims[i], 1);
    }
    return s;
  }

  /**
   * This shape with one axis resized.
   *
   * @param axis axis to change; negative counts from the end
   * @param dim its new size
   * @return the changed shape
   */
  public Shape with(int axis, int dim) {
    int[] d = dims.clone();
    d[axis(axis)] = dim;
    return new Shape(d);
  }

  /**
   * The shape two operands have together: axes are aligned at the end, an axis of size 1 stretches.
   *
   * @param other the other operand's shape
   * @param op name of the operation, for the message
   * @return the common shape
   * @throws ShapeException if an aligned pair of axes differs and neither is 1
   */
  public Shape broadcastWith(Shape other, String op) {
    if (equals(other)) {
      return this;
    }
    int rank = Math.max(rank(), other.rank());
    int[] d = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int a = i <= rank() ? dims[rank() - i] : 1;
      int b = i <= other.rank() ? other.dims[other.rank() - i] : 1;
      if (a != b && a != 1 && b != 1) {
        throw new ShapeException(
            op
                + ": shapes "
                + this
                + " and "
                + other
                + " do not broadcast: axis -"
                + i
                + " is "
                + a
                + " against "
                + b);
      }
      d[rank - i] = a == 1 ? b : a;
    }
    return new Shape(d);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
