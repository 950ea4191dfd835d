package dev.bulwark.tensor;

import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What joins, splits, pads, orders, picks or draws tensors.
 *
 * <p>Results live on the back end of the first operand; tensors made from nothing live on the
 * current one. A broken rule is a {@link ShapeException}.
 */
public final class Tensors {
  private Tensors() {}

  // ---- joining and splitting

  /**
   * Tensors end to end.
   *
   * @param axis the axis that grows; negative counts from the end
   * @param parts at least one, of one type, equal in all other axes
   * @return a new tensor
   */
  public static Tensor concat(int axis, List<Tensor> parts) {
    Checks.that(!parts.isEmpty(), "concat", "needs at least one tensor");
    Tensor first = parts.getFirst();
    int a = first.shape().axis(axis);
    long total = 0;
    for (Tensor t : parts) {
      Checks.sameType("concat", first, t);
      boolean fits = t.rank() == first.rank() && t.shape().with(a, 0).equals(sized(first, a, 0));
      Checks.that(fits, "concat", "must be equal but for axis " + axis, first, t);
      total += t.dim(a);
    }
    Checks.that(total <= Integer.MAX_VALUE, "concat", "would be too long on axis " + axis, first);
    Tensor y = Tensor.empty(sized(first, a, (int) total), first.dtype(), first.backend());
    int at = 0;
    for (Tensor t : parts) {
      y.kernels().copy(t.to(y.backend()), y.slice(a, at, at + t.dim(a)));
      at += t.dim(a);
    }
    return y;
  }

  /**
   * Tensors of one shape side by side along a new axis.
   *
   * @param axis place of the new axis in the result; negative counts from the result's end
   * @param parts at least one, of one type and shape
   * @return a new tensor of one rank more
   */
  public static Tensor stack(int axis, List<Tensor> parts) {
    Checks.that(!parts.isEmpty(), "stack", "needs at least one tensor");
    parts.forEach(t -> Checks.sameShape("stack", parts.getFirst(), t));
    return concat(axis, parts.stream().map(t -> t.unsqueeze(axis)).toList());
  }

  /**
   * Cuts an axis into parts.
   *
   * @param x the tensor
   * @param axis the axis to cut; negative counts from the end
   * @param sizes sizes of the parts; their sum is the axis' size
   * @return views, in order
   */
  public static List<Tensor> split(Tensor x, int axis, int... sizes) {
    long total = Arrays.stream(sizes).asLongStream().sum();
    if (total != x.dim(axis) || Arrays.stream(sizes).anyMatch(s -> s < 0)) {
      throw new ShapeException(
          "split: sizes %s do not add up to axis %d of %s"
              .formatted(Arrays.toString(sizes), axis, x.describe()));
    }
    List<Tensor> parts = new ArrayList<>();
    int at = 0;
    for (int size : sizes) {
      parts.add(x.slice(axis, at, at + size));
      at += size;
    }
    return parts;
  }

  /**
   * Cuts an axis into equal parts.
   *
   * @param x the tensor
   * @param axis the axis to cut; negative counts from the end
   * @param count how many parts; divides the axis' size
   * @return views, in order
   */
  public static List<Tensor> chunk(Tensor x, int axis, int count) {
    Checks.that(
        count > 0 && x.dim(axis) % count == 0,
        "chunk",
        "does not divide into " + count + " parts on axis " + axis,
        x);
    int[] sizes = new int[count];
    Arrays.fill(sizes, x.dim(axis) / count);
    return split(x, axis, sizes);
  }

  /**
   * Grows an axis at both ends.
   *
   * @param x the tensor
   * @param axis the axis to grow; negative counts from the end
   * @param before elements before, 0 or more
   * @param after elements after, 0 or more
   * @param value what the new elements hold
   * @return a new tensor
   */
  public static Tensor pad(Tensor x, int axis, int before, int after, double value) {
    long size = (long) before + x.dim(axis) + after;
    Checks.that(
        before >= 0 && after >= 0 && size <= Integer.MAX_VALUE,
        "pad",
        "cannot grow by " + before + " and " + after + " on axis " + axis,
        x);
    Tensor y = filled(x, sized(x, axis, (int) size), x.dtype(), value);
    y.kernels().copy(x, y.slice(axis, before, before + x.dim(axis)));
    return y;
  }

  // ---- choosing

  /**
   * Elements of a where the condition is true, else of b; all three broadcast.
   *
   * @param condition U8, non-zero is true
   * @param a first choice
   * @param b second choice, of the same type
   * @return a new tensor of the common shape
   */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    Checks.that(
        condition.dtype() == DType.U8, "where", "is no condition; compare first", condition);
    Checks.sameType("where", a, b);
    Shape to =
        a.shape().broadcastWith(b.shape(), "where").broadcastWith(condition.shape(), "where");
    Tensor y = Tensor.empty(to, a.dtype(), a.backend());
    y.kernels().select(condition.expand(to), a.expand(to), b.expand(to), y);
    return y;
  }

  /**
   * Bounds each element; NaN stays NaN.
   *
   * @param x the tensor
   * @param low least result
   * @param high greatest result
   * @return min(max(x, low), high)
   */
  public static Tensor clamp(Tensor x, double low, double high) {
    Tensor raised = x.with(Binary.MAX, filled(x, Shape.of(), x.dtype(), low));
    return raised.with(Binary.MIN, filled(x, Shape.of(), x.dtype(), high));
  }

  /** 1 where x is NaN, else 0, as U8. */
  public static Tensor isNan(Tensor x) {
    return not(x.with(Binary.EQ, x));
  }

  /** 1 where x is neither NaN nor infinite, else 0, as U8. */
  public static Tensor isFinite(Tensor x) {
    Checks.arithmetic("isFinite", x);
    double largest = x.dtype() == DType.F64 ? Double.MAX_VALUE : Float.MAX_VALUE;
    return x.map(Unary.ABS).with(Binary.LE, filled(x, Shape.of(), x.dtype(), largest));
  }

  /** 1 where the U8 condition is 0, else 0. */
  public static Tensor not(Tensor condition) {
    Checks.that(condition.dtype() == DType.U8, "not", "is no condition; compare first", condition);
    return condition.cast(DType.I32).with(Binary.EQ, filled(condition, Shape.of(), DType.I32, 0));
  }

  // ---- indices

  /**
   * Rows of a table.
   *
   * @param table [N, D]
   * @param ids I32 in [0, N), of any shape
   * @return a new tensor [ids' shape..., D]
   */
  public static Tensor gatherRows(Tensor table, Tensor ids) {
    Checks.rank("gatherRows", 2, table);
    Checks.indices("gatherRows", ids, table.dim(0), table);
    int[] dims = Arrays.copyOf(ids.shape().dims(), ids.rank() + 1);
    dims[ids.rank()] = table.dim(1);
    Tensor y = Tensor.empty(Shape.of(dims), table.dtype(), table.backend());
    y.kernels().gatherRows(table, ids.reshape(ids.size()), y.reshape(ids.size(), table.dim(1)));
    return y;
  }

  /**
   * Elements picked along an axis: y[i][j] = x[i][index[i][j]] for a matrix and axis 1.
   *
   * @param x the tensor
   * @param axis the axis that indices point along; negative counts from the end
   * @param index I32 in [0, x.dim(axis)), of x's rank, no longer than x on the other axes
   * @return a new tensor of index's shape
   */
  public static Tensor gather(Tensor x, int axis, Tensor index) {
    Checks.that(x.rank() == index.rank(), "gather", "need equal ranks", x, index);
    int a = x.shape().axis(axis);
    for (int i = 0; i < x.rank(); i++) {
      boolean fits = i == a || index.dim(i) <= x.dim(i);
      Checks.that(fits, "gather", "index is longer than the tensor on axis " + i, x, index);
    }
    Checks.indices("gather", index, x.dim(a), x);
    Tensor y = Tensor.empty(index.shape(), x.dtype(), x.backend());
    y.kernels().gather(x, a, index, y);
    return y;
  }

  /**
   * One at the index, zero elsewhere.
   *
   * @param ids I32 in [0, classes), of any shape
   * @param classes size of the new last axis
   * @param dtype F32 or F64
   * @return a new tensor [ids' shape..., classes]
   */
  public static Tensor oneHot(Tensor ids, int classes, DType dtype) {
    int[] dims = Arrays.copyOf(ids.shape().dims(), ids.rank() + 1);
    dims[ids.rank()] = classes;
    Tensor y = filled(ids, Shape.of(dims), dtype, 0);
    Checks.indices("oneHot", ids, classes, y);
    Tensor index = ids.unsqueeze(-1);
    y.kernels().scatterAdd(filled(ids, index.shape(), dtype, 1), ids.rank(), index, y);
    return y;
  }

  /**
   * Consecutive integers.
   *
   * @param from the first
   * @param to the one after the last, not below from
   * @return I32 [to - from]
   */
  public static Tensor arange(int from, int to) {
    long n = (long) to - from;
    if (n < 0 || n > Integer.MAX_VALUE) {
      throw new ShapeException("arange: [" + from + ", " + to + ") is not a range");
    }
    int[] values = new int[(int) n];
    Arrays.setAll(values, i -> from + i);
    return Tensor.of(Shape.of(values.length), values);
  }

  // ---- order: along the last axis, NaN above all

  /**
   * Values and where they were.
   *
   * @param values ordered values
   * @param indices I32 places along the last axis of the tensor they come from
   */
  public record Ordered(Tensor values, Tensor indices) {}

  /**
   * Sorts the last axis; equal elements keep their order.
   *
   * @param x [..., N]
   * @param descending largest first
   * @return values and indices [..., N]
   */
  public static Ordered sort(Tensor x, boolean descending) {
    hasAxis("sort", x);
    Tensor values = Tensor.empty(x.shape(), x.dtype(), x.backend());
    Tensor indices = Tensor.empty(x.shape(), DType.I32, x.backend());
    x.kernels().sort(x, descending, values, indices);
    return new Ordered(values, indices);
  }

  /** Where the sorted elements of the last axis come from, I32 [..., N]. */
  public static Tensor argsort(Tensor x, boolean descending) {
    return sort(x, descending).indices();
  }

  /**
   * The largest elements of the last axis, largest first; the first of equals first.
   *
   * @param x [..., N]
   * @param k how many, at most N
   * @return values and indices [..., k]
   */
  public static Ordered topK(Tensor x, int k) {
    hasAxis("topK", x);
    Checks.that(k >= 0 && k <= x.dim(-1), "topK", "has no " + k + " elements on its last axis", x);
    Ordered all = sort(x, true);
    return new Ordered(all.values().slice(-1, 0, k).copy(), all.indices().slice(-1, 0, k).copy());
  }

  /**
   * Index of the largest element of the last axis, the first of equals.
   *
   * @param x [..., N], N at least 1
   * @return I32 [...]
   */
  public static Tensor argMax(Tensor x) {
    hasAxis("argMax", x);
    Checks.that(x.dim(-1) > 0, "argMax", "has no elements on its last axis", x);
    Shape to = Shape.of(Arrays.copyOf(x.shape().dims(), x.rank() - 1));
    Tensor y = Tensor.empty(to, DType.I32, x.backend());
    x.kernels().argMax(x, y);
    return y;
  }

  /**
   * Running sums along an axis.
   *
   * @param x the tensor
   * @param axis the axis; negative counts from the end
   * @return a new tensor of x's shape
   */
  public static Tensor cumulativeSum(Tensor x, int axis) {
    Tensor y = Tensor.empty(x.shape(), x.dtype(), x.backend());
    x.kernels().cumulativeSum(x, x.shape().axis(axis), y);
    return y;
  }

  // ---- products

  /**
   * Sum of products named by labels, for example "bhqd,bhkd->bhqk". Labels absent from the result
   * are summed over.
   *
   * @param formula labels (letters) of each operand and of the result
   * @param operands one or two tensors; no label twice within one
   * @return a new tensor
   */
  public static Tensor einsum(String formula, Tensor... operands) {
    return Einsum.of(formula, operands);
  }

  // ---- random

  /**
   * Uniform numbers: element i is word i of the stream, whatever the back end.
   *
   * @param shape the shape
   * @param dtype F32 or F64
   * @param low least number
   * @param high bound above
   * @param rng the stream; used up by this draw
   * @return a new tensor with elements in [low, high)
   */
  public static Tensor uniform(Shape shape, DType dtype, double low, double high, Rng rng) {
    Tensor y = Tensor.empty(shape, dtype, Backends.current());
    y.kernels().uniform(rng, low, high, y);
    return y;
  }

  /**
   * Normal numbers.
   *
   * @param shape the shape
   * @param dtype F32 or F64
   * @param mean their mean
   * @param deviation their standard deviation
   * @param rng the stream; used up by this draw
   * @return a new tensor
   */
  public static Tensor normal(Shape shape, DType dtype, double mean, double deviation, Rng rng) {
    Tensor y = Tensor.empty(shape, dtype, Backends.current());
    y.kernels().normal(rng, mean, deviation, y);
    return y;
  }

  /**
   * Ones with a probability, else zeros.
   *
   * @param shape the shape
   * @param dtype the type
   * @param p probability of a one, in [0, 1)
   * @param rng the stream; used up by this draw
   * @return a new tensor
   */
  public static Tensor bernoulli(Shape shape, DType dtype, double p, Rng rng) {
    Tensor y = Tensor.empty(shape, dtype, Backends.current());
    y.kernels().bernoulli(rng, p, y);
    return y;
  }

  private static void hasAxis(String op, Tensor x) {
    Checks.that(x.rank() > 0, op, "is a scalar; it needs an axis", x);
  }

  private static Shape sized(Tensor x, int axis, int size) {
    return x.shape().with(axis, size);
  }

  private static Tensor filled(Tensor near, Shape shape, DType dtype, double value) {
    Backend b = near.backend();
    Tensor y = Tensor.empty(shape, dtype, b);
    b.kernels().fill(y, value);
    return y;
  }
}
