package dev.bulwark.tensor;

import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Buffer;
import dev.bulwark.tensor.backend.HeapBuffer;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.Arrays;

/**
 * A value: a view (shape, strides, offset) of a buffer. Immutable once made, except through {@link
 * Kernels}, whose results are written before anyone else sees them, and by optimisers.
 *
 * <p>Methods named like a verb on shapes (reshape, transpose, slice, ...) give views without a
 * copy; arithmetic gives new contiguous tensors on the operands' back end. {@link Tensors} has what
 * joins, splits, sorts or picks.
 */
public final class Tensor {
  private final Buffer buffer;
  private final Shape shape;
  private final int[] strides;
  private final int offset;

  private Tensor(Buffer buffer, Shape shape, int[] strides, int offset) {
    this.buffer = buffer;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  // ---- making

  /**
   * A tensor with arbitrary contents, to be written by a kernel.
   *
   * @param shape its shape
   * @param dtype its element type
   * @param backend where it lives
   * @return the tensor
   */
  public static Tensor empty(Shape shape, DType dtype, Backend backend) {
    return new Tensor(backend.allocate(dtype, shape.size()), shape, shape.strides(), 0);
  }

  /**
   * A tensor filled with one number, on the current back end.
   *
   * @param shape its shape
   * @param dtype its element type
   * @param value the number
   * @return the tensor
   */
  public static Tensor full(Shape shape, DType dtype, double value) {
    Tensor t = empty(shape, dtype, Backends.current());
    t.kernels().fill(t, value);
    return t;
  }

  /**
   * Zeros on the current back end.
   *
   * @param shape its shape
   * @param dtype its element type
   * @return the tensor
   */
  public static Tensor zeros(Shape shape, DType dtype) {
    return full(shape, dtype, 0);
  }

  /**
   * An F32 tensor of these numbers, on the current back end.
   *
   * @param shape its shape
   * @param values row-major elements; copied
   * @return the tensor
   * @throws ShapeException if the count does not fit the shape
   */
  public static Tensor of(Shape shape, float... values) {
    Tensor host = host(shape, DType.F32, values.length);
    System.arraycopy(values, 0, host.heap().floats(), 0, values.length);
    return host.to(Backends.current());
  }

  /**
   * An F64 tensor of these numbers, on the current back end.
   *
   * @param shape its shape
   * @param values row-major elements; copied
   * @return the tensor
   * @throws ShapeException if the count does not fit the shape
   */
  public static Tensor of(Shape shape, double... values) {
    Tensor host = host(shape, DType.F64, values.length);
    System.arraycopy(values, 0, host.heap().doubles(), 0, values.length);
    return host.to(Backends.current());
  }

  /**
   * An I32 tensor of these numbers, on the current back end.
   *
   * @param shape its shape
   * @param values row-major elements; copied
   * @return the tensor
   * @throws ShapeException if the count does not fit the shape
   */
  public static Tensor of(Shape shape, int... values) {
    Tensor host = host(shape, DType.I32, values.length);
    System.arraycopy(values, 0, host.heap().ints(), 0, values.length);
    return host.to(Backends.current());
  }

  /**
   * A scalar on the current back end.
   *
   * @param value the number
   * @param dtype its type
   * @return a tensor of shape []
   */
  public static Tensor scalar(double value, DType dtype) {
    return full(Shape.of(), dtype, value);
  }

  /**
   * A contiguous host tensor with arbitrary contents, for readers that fill its array.
   *
   * @param shape its shape
   * @param dtype its element type
   * @return a tensor on the reference back end
   */
  public static Tensor emptyOnHost(Shape shape, DType dtype) {
    return empty(
        shape, dtype, Backends.current().isHost() ? Backends.current() : Backends.reference());
  }

  private static Tensor host(Shape shape, DType dtype, int count) {
    if (count != shape.size()) {
      throw new ShapeException(
          "shape " + shape + " has " + shape.size() + " elements, but " + count + " were given");
    }
    return emptyOnHost(shape, dtype);
  }

  // ---- what it is

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /**
   * Size of an axis.
   *
   * @param axis axis number; negative counts from the end
   * @return its size
   */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  /** Number of axes. */
  public int rank() {
    return shape.rank();
  }

  /** Number of elements. */
  public int size() {
    return shape.size();
  }

  /** Element type. */
  public DType dtype() {
    return buffer.dtype();
  }

  /**
   * Distance in elements between neighbours along an axis.
   *
   * @param axis axis number; negative counts from the end
   * @return the stride; 0 where broadcast
   */
  public int stride(int axis) {
    return strides[shape.axis(axis)];
  }

  /** Position of the first element in the buffer. */
  public int offset() {
    return offset;
  }

  /** The memory. */
  public Buffer buffer() {
    return buffer;
  }

  /**
   * The memory as a Java array.
   *
   * @return the buffer
   * @throws IllegalStateException if the tensor does not live on the host
   */
  public HeapBuffer heap() {
    if (buffer instanceof HeapBuffer h) {
      return h;
    }
    throw new IllegalStateException(
        "tensor "
            + describe()
            + " lives on '"
            + backend().name()
            + "'; copy it with to(...) first");
  }

  /** Where it lives. */
  public Backend backend() {
    return buffer.backend();
  }

  /** Kernels of its back end. */
  public Kernels kernels() {
    return buffer.backend().kernels();
  }

  /** Whether elements lie in row-major order without gaps. */
  public boolean isContiguous() {
    int step = 1;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      int d = shape.dim(i);
      if (d != 1 && strides[i] != step) {
        return shape.size() == 0;
      }
      step *= d;
    }
    return true;
  }

  // ---- views

  /**
   * The same elements in another shape; a copy only if this view is not contiguous.
   *
   * @param dims new sizes; one may be -1 and is computed
   * @return the reshaped tensor
   * @throws ShapeException if the counts differ
   */
  public Tensor reshape(int... dims) {
    int[] d = dims.clone();
    int free = -1;
    boolean fits = true;
    long known = 1;
    for (int i = 0; i < d.length; i++) {
      if (d[i] == -1 && free < 0) {
        free = i;
      } else {
        fits &= d[i] >= 0;
        known *= d[i];
      }
    }
    if (fits && free >= 0) {
      d[free] = known == 0 ? 0 : (int) (size() / known);
    }
    if (!fits || Shape.of(d).size() != size()) {
      throw new ShapeException(
          "reshape: "
              + describe()
              + " has "
              + size()
              + " elements and does not fit "
              + Arrays.toString(dims));
    }
    Shape to = Shape.of(d);
    Tensor c = contiguous();
    return new Tensor(c.buffer, to, to.strides(), c.offset);
  }

  /**
   * Swaps two axes.
   *
   * @param a one axis; negative counts from the end
   * @param b the other
   * @return a view
   */
  public Tensor transpose(int a, int b) {
    int[] order = new int[rank()];
    Arrays.setAll(order, i -> i);
    order[shape.axis(a)] = shape.axis(b);
    order[shape.axis(b)] = shape.axis(a);
    return permute(order);
  }

  /**
   * Reorders the axes.
   *
   * @param order a permutation of all axes; axis i of the result is axis order[i] of this
   * @return a view
   */
  public Tensor permute(int... order) {
    if (order.length != rank()
        || Arrays.stream(order).map(shape::axis).distinct().count() != order.length) {
      throw new ShapeException(
          "permute: " + Arrays.toString(order) + " is not an order of the axes of " + shape);
    }
    int[] d = new int[order.length];
    int[] s = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      d[i] = shape.dim(order[i]);
      s[i] = strides[shape.axis(order[i])];
    }
    return new Tensor(buffer, Shape.of(d), s, offset);
  }

  /**
   * A range of one axis.
   *
   * @param axis axis number; negative counts from the end
   * @param from first index
   * @param to index after the last
   * @return a view
   * @throws ShapeException if the range is not inside the axis
   */
  public Tensor slice(int axis, int from, int to) {
    int a = shape.axis(axis);
    if (from < 0 || to < from || to > shape.dim(a)) {
      throw new ShapeException(
          "slice: range [" + from + ", " + to + ") is not inside axis " + axis + " of " + shape);
    }
    return new Tensor(buffer, shape.with(a, to - from), strides, offset + from * strides[a]);
  }

  /**
   * One index of one axis, which disappears.
   *
   * @param axis axis number; negative counts from the end
   * @param index the index
   * @return a view of one rank less
   */
  public Tensor select(int axis, int index) {
    return slice(axis, index, index + 1).squeeze(axis);
  }

  /**
   * Removes an axis of size 1.
   *
   * @param axis axis number; negative counts from the end
   * @return a view of one rank less
   */
  public Tensor squeeze(int axis) {
    int a = shape.axis(axis);
    if (shape.dim(a) != 1) {
      throw new ShapeException("squeeze: axis " + axis + " of " + shape + " is not of size 1");
    }
    return new Tensor(buffer, Shape.of(without(shape.dims(), a)), without(strides, a), offset);
  }

  /**
   * Inserts an axis of size 1.
   *
   * @param axis its place in the result; negative counts from the result's end
   * @return a view of one rank more
   */
  public Tensor unsqueeze(int axis) {
    int a = axis < 0 ? axis + rank() + 1 : axis;
    if (a < 0 || a > rank()) {
      throw new ShapeException("unsqueeze: no place " + axis + " in shape " + shape);
    }
    int[] d = new int[rank() + 1];
    int[] s = new int[rank() + 1];
    for (int i = 0; i < d.length; i++) {
      d[i] = i == a ? 1 : shape.dim(i < a ? i : i - 1);
      s[i] = i == a ? 0 : strides[i < a ? i : i - 1];
    }
    return new Tensor(buffer, Shape.of(d), s, offset);
  }

  /**
   * Stretches axes of size 1 and adds leading axes, without a copy (stride 0).
   *
   * @param to the shape to have
   * @return a view
   * @throws ShapeException if an axis cannot stretch
   */
  public Tensor expand(Shape to) {
    if (shape.equals(to)) {
      return this;
    }
    int[] s = new int[to.rank()];
    for (int i = 1; i <= to.rank(); i++) {
      int own = i <= rank() ? shape.dim(-i) : 1;
      if (own != to.dim(-i) && own != 1) {
        throw new ShapeException("expand: " + shape + " does not stretch to " + to);
      }
      s[to.rank() - i] = (own == 1 && to.dim(-i) != 1) || i > rank() ? 0 : strides[rank() - i];
    }
    if (rank() > to.rank()) {
      throw new ShapeException("expand: " + shape + " has more axes than " + to);
    }
    return new Tensor(buffer, to, s, offset);
  }

  /** This tensor in row-major order. */
  public Tensor contiguous() {
    return isContiguous() ? this : copy();
  }

  /** A contiguous copy on the same back end. */
  public Tensor copy() {
    return cast(dtype());
  }

  /**
   * A contiguous copy of another type.
   *
   * @param dtype the type to have
   * @return the copy
   */
  public Tensor cast(DType dtype) {
    Tensor y = empty(shape, dtype, backend());
    kernels().copy(this, y);
    return y;
  }

  /**
   * This tensor on another back end.
   *
   * @param target where it shall live
   * @return this if it lives there, else a copy
   */
  public Tensor to(Backend target) {
    if (backend().equals(target)) {
      return this;
    }
    Tensor y = empty(shape, dtype(), target);
    (target.isHost() ? kernels() : target.kernels()).copy(this, y);
    return y;
  }

  /** Lets this tensor outlive its scope; the garbage collector frees it. */
  public Tensor retain() {
    buffer.moveTo(null);
    return this;
  }

  // ---- arithmetic

  /**
   * Applies a function to each element.
   *
   * @param op the function
   * @return op(this)
   */
  public Tensor map(Unary op) {
    Tensor y = empty(shape, dtype(), backend());
    kernels().unary(op, this, y);
    return y;
  }

  /**
   * Combines two tensors element by element, broadcasting both.
   *
   * @param op the function
   * @param other second operand
   * @return op(this, other); U8 for comparisons
   * @throws ShapeException if the shapes do not broadcast or the types differ
   */
  public Tensor with(Binary op, Tensor other) {
    if (dtype() != other.dtype()) {
      throw new ShapeException(
          op + ": " + describe() + " and " + other.describe() + " differ in type; cast one");
    }
    Shape to = shape.broadcastWith(other.shape, op.toString());
    Tensor y = empty(to, op.isComparison() ? DType.U8 : dtype(), backend());
    kernels().binary(op, expand(to), other.expand(to), y);
    return y;
  }

  /** Sum of both, broadcast. */
  public Tensor plus(Tensor other) {
    return with(Binary.ADD, other);
  }

  /** This minus the other, broadcast. */
  public Tensor minus(Tensor other) {
    return with(Binary.SUB, other);
  }

  /** Product element by element, broadcast. */
  public Tensor times(Tensor other) {
    return with(Binary.MUL, other);
  }

  /** This over the other, element by element, broadcast. */
  public Tensor div(Tensor other) {
    return with(Binary.DIV, other);
  }

  /** Each element plus a number. */
  public Tensor plus(double summand) {
    return affine(1, summand);
  }

  /** Each element times a number. */
  public Tensor times(double factor) {
    return affine(factor, 0);
  }

  /** factor * x + summand for each element x. */
  public Tensor affine(double factor, double summand) {
    Tensor y = empty(shape, dtype(), backend());
    kernels().affine(this, factor, summand, y);
    return y;
  }

  /**
   * Reduces axes and keeps them with size 1.
   *
   * @param op sum, max or min
   * @param axes axes to reduce; none means all
   * @return a tensor of the same rank
   */
  public Tensor reduce(Reduce op, int... axes) {
    int[] d = axes.length == 0 ? new int[rank()] : shape.dims();
    if (axes.length == 0) {
      Arrays.fill(d, 1);
    }
    for (int a : axes) {
      d[shape.axis(a)] = 1;
    }
    Tensor y = empty(Shape.of(d), dtype(), backend());
    kernels().reduce(op, this, y);
    return y;
  }

  /**
   * Sum over axes, which disappear.
   *
   * @param axes axes to sum; none means all, giving a scalar
   * @return the sums
   */
  public Tensor sum(int... axes) {
    return dropReduced(reduce(Reduce.SUM, axes), axes);
  }

  /**
   * Largest element over axes, which disappear.
   *
   * @param axes axes to reduce; none means all
   * @return the maxima
   */
  public Tensor max(int... axes) {
    return dropReduced(reduce(Reduce.MAX, axes), axes);
  }

  /**
   * Mean over axes, which disappear.
   *
   * @param axes axes to average; none means all
   * @return the means; NaN over no elements
   */
  public Tensor mean(int... axes) {
    Tensor s = sum(axes);
    return s.times((double) s.size() / size());
  }

  /**
   * Matrix product of the last two axes; leading axes are batched and broadcast.
   *
   * @param other [..., K, N]; this is [..., M, K]
   * @return [..., M, N]
   * @throws ShapeException if the inner sizes differ
   */
  public Tensor matmul(Tensor other) {
    if (rank() < 2 || other.rank() < 2 || dim(-1) != other.dim(-2) || dtype() != other.dtype()) {
      boolean swapped = rank() >= 2 && other.rank() >= 2 && dim(-1) == other.dim(-1);
      throw new ShapeException(
          "matmul: "
              + describe()
              + " times "
              + other.describe()
              + " needs two matrices of one type with equal inner sizes"
              + (swapped ? "; did you mean the second one transposed?" : ""));
    }
    Shape batch =
        Shape.of(Arrays.copyOf(shape.dims(), rank() - 2))
            .broadcastWith(Shape.of(Arrays.copyOf(other.shape.dims(), other.rank() - 2)), "matmul");
    Tensor c = empty(matrices(batch, dim(-2), other.dim(-1)), dtype(), backend());
    kernels()
        .gemm(
            1,
            expand(matrices(batch, dim(-2), dim(-1))),
            other.expand(matrices(batch, other.dim(-2), other.dim(-1))),
            0,
            c);
    return c;
  }

  // ---- reading

  /** The elements as floats, in row-major order. */
  public float[] toFloats() {
    Tensor t = onHost(DType.F32);
    return Arrays.copyOfRange(t.heap().floats(), t.offset, t.offset + size());
  }

  /** The elements as doubles, in row-major order. */
  public double[] toDoubles() {
    Tensor t = onHost(DType.F64);
    return Arrays.copyOfRange(t.heap().doubles(), t.offset, t.offset + size());
  }

  /** The elements as ints, in row-major order. */
  public int[] toInts() {
    Tensor t = onHost(DType.I32);
    return Arrays.copyOfRange(t.heap().ints(), t.offset, t.offset + size());
  }

  /**
   * The only element.
   *
   * @return its value
   * @throws ShapeException if there is not exactly one
   */
  public double item() {
    if (size() != 1) {
      throw new ShapeException("item: " + describe() + " has " + size() + " elements, not one");
    }
    return toDoubles()[0];
  }

  /** Type and shape for messages. */
  public String describe() {
    return dtype().toString().toLowerCase(java.util.Locale.ROOT) + shape;
  }

  @Override
  public String toString() {
    if (buffer.isReleased()) {
      return describe() + " (released)";
    }
    return size() > 64 ? describe() : describe() + " " + Arrays.toString(toDoubles());
  }

  private Tensor onHost(DType type) {
    buffer.checkLive();
    Tensor t = backend().isHost() ? this : to(Backends.reference());
    return t.dtype() == type ? t.contiguous() : t.cast(type);
  }

  private Tensor dropReduced(Tensor y, int[] axes) {
    if (axes.length == 0) {
      return y.reshape();
    }
    boolean[] gone = new boolean[rank()];
    for (int a : axes) {
      gone[shape.axis(a)] = true;
    }
    int[] kept = new int[rank()];
    int n = 0;
    for (int i = 0; i < rank(); i++) {
      if (!gone[i]) {
        kept[n++] = shape.dim(i);
      }
    }
    return y.reshape(Arrays.copyOf(kept, n));
  }

  private static Shape matrices(Shape batch, int rows, int columns) {
    int[] d = Arrays.copyOf(batch.dims(), batch.rank() + 2);
    d[batch.rank()] = rows;
    d[batch.rank() + 1] = columns;
    return Shape.of(d);
  }

  private static int[] without(int[] values, int index) {
    int[] rest = new int[values.length - 1];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = values[i < index ? i : i + 1];
    }
    return rest;
  }
}
