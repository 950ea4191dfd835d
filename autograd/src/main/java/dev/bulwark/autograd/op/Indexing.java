package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.emptyLike;
import static dev.bulwark.autograd.op.Operands.error;
import static dev.bulwark.autograd.op.Operands.scalar;

import dev.bulwark.autograd.ModulePath;
import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Binary;
import java.util.Arrays;
import java.util.List;

/** Elements picked by number. Indices are I32 and are checked: a wrong one is named. */
public final class Indexing {
  private Indexing() {}

  /**
   * Rows of a table by id.
   *
   * @param table [V, H]
   * @param ids I32, any shape, numbers in [0, V)
   * @param paddingId id whose row gets no gradient; -1 for none
   * @return [ids' shape, H]
   */
  public static Variable embedding(Variable table, Tensor ids, int paddingId) {
    Tensor flat = checkedRows("embedding", table, ids, table.shape().rank() > 0 ? table.dim(0) : 0);
    int[] dims = Arrays.copyOf(ids.shape().dims(), ids.rank() + 1);
    dims[ids.rank()] = table.dim(1);
    Tensor y = emptyLike(table.value(), Shape.of(flat.size(), table.dim(1)));
    y.kernels().gatherRows(table.value(), flat, y);
    return Node.of(
        "embedding",
        y.reshape(dims),
        List.of(table),
        (dy, to) ->
            to.accumulate(
                0,
                dTable -> {
                  Tensor d = dy.reshape(flat.size(), table.dim(1));
                  if (paddingId >= 0) {
                    Tensor padding =
                        flat.with(Binary.EQ, scalar(flat, paddingId)).reshape(flat.size(), 1);
                    d = Operands.select(padding, scalar(d, 0), d, d.shape());
                  }
                  d.kernels().scatterAddRows(d, flat, dTable);
                }));
  }

  /**
   * Rows of a tensor by number.
   *
   * @param x [T, H]
   * @param ids I32 [K], numbers in [0, T)
   * @return [K, H]
   */
  public static Variable gatherRows(Variable x, Tensor ids) {
    Tensor flat = checkedRows("gatherRows", x, ids, x.shape().rank() > 0 ? x.dim(0) : 0);
    Tensor y = emptyLike(x.value(), Shape.of(flat.size(), x.dim(1)));
    y.kernels().gatherRows(x.value(), flat, y);
    return Node.of(
        "gatherRows",
        y,
        List.of(x),
        (dy, to) -> to.accumulate(0, dx -> dx.kernels().scatterAddRows(dy, flat, dx)));
  }

  /**
   * Rows placed into zeros: the inverse of {@link #gatherRows}.
   *
   * @param x [K, H]
   * @param ids I32 [K], distinct numbers in [0, rows)
   * @param rows number of rows T of the result
   * @return [T, H]; row ids[k] is row k of x, all others are zeros
   */
  public static Variable scatterRows(Variable x, Tensor ids, int rows) {
    Tensor flat = checkedRows("scatterRows", x, ids, rows);
    if (flat.size() != x.dim(0)) {
      throw error("scatterRows", "needs one id per row", "x", x, "ids", ids);
    }
    if (Arrays.stream(flat.toInts()).distinct().count() != flat.size()) {
      throw error("scatterRows", "the ids must be distinct", "ids", ids);
    }
    Tensor y = Operands.filled(x.value(), Shape.of(rows, x.dim(1)), 0);
    y.kernels().scatterAddRows(x.value(), flat, y);
    return Node.of(
        "scatterRows",
        y,
        List.of(x),
        (dy, to) ->
            to.add(
                0,
                () -> {
                  Tensor dx = emptyLike(x.value());
                  dx.kernels().gatherRows(dy, flat, dx);
                  return dx;
                }));
  }

  /**
   * Elements along an axis by number.
   *
   * @param x any shape but []
   * @param axis the axis; negative counts from the end
   * @param index I32, of x's sizes but along the axis; numbers in [0, size of the axis)
   * @return of index's shape: y[..i..] = x[..index[..i..]..]
   */
  public static Variable gather(Variable x, int axis, Tensor index) {
    Operands.needFloating("gather", x);
    Operands.needType("gather", "index", index, DType.I32);
    int a = x.shape().axis(axis);
    if (index.rank() != x.shape().rank() || !index.shape().with(a, x.dim(a)).equals(x.shape())) {
      throw error(
          "gather", "sizes may differ along axis " + axis + " only", "x", x, "index", index);
    }
    checkRange("gather", x, index, x.dim(a));
    return pick("gather", x, a, index);
  }

  /**
   * The largest elements of each row.
   *
   * @param x [..., N]
   * @param k how many, at most N
   * @return values and indices [..., k], largest first; of equals the first
   */
  public static Sorted topK(Variable x, int k) {
    if (x.shape().rank() == 0 || k < 0 || k > x.dim(-1)) {
      throw error("topK", "cannot take " + k + " of the last axis", "x", x);
    }
    Tensor index = order("topK", x, true).slice(-1, 0, k).contiguous();
    return new Sorted(pick("topK", x, x.shape().rank() - 1, index), index);
  }

  /**
   * Each row in order; equal elements keep theirs, NaN counts as largest.
   *
   * @param x [..., N]
   * @param descending largest first
   * @return values and indices [..., N]
   */
  public static Sorted sort(Variable x, boolean descending) {
    if (x.shape().rank() == 0) {
      throw error("sort", "needs an axis to sort along", "x", x);
    }
    Tensor index = order("sort", x, descending);
    return new Sorted(pick("sort", x, x.shape().rank() - 1, index), index);
  }

  /**
   * Elements in order.
   *
   * @param values the elements
   * @param indices I32, where each was along the last axis
   */
  public record Sorted(Variable values, Tensor indices) {}

  private static Tensor order(String op, Variable x, boolean descending) {
    Operands.needFloating(op, x);
    Tensor values = emptyLike(x.value());
    Tensor index = Tensor.empty(x.shape(), DType.I32, x.value().backend());
    values.kernels().sort(x.value(), descending, values, index);
    return index;
  }

  private static Variable pick(String op, Variable x, int axis, Tensor index) {
    Tensor y = emptyLike(x.value(), index.shape());
    y.kernels().gather(x.value(), axis, index, y);
    return Node.of(
        op,
        y,
        List.of(x),
        (dy, to) -> to.accumulate(0, dx -> dx.kernels().scatterAdd(dy, axis, index, dx)));
  }

  private static Tensor checkedRows(String op, Variable x, Tensor ids, int rows) {
    Operands.needFloating(op, x);
    Operands.needType(op, "ids", ids, DType.I32);
    if (x.shape().rank() != 2) {
      throw error(op, "needs rows: a tensor of rank 2", "x", x, "ids", ids);
    }
    checkRange(op, x, ids, rows);
    return ids.reshape(ids.size());
  }

  private static void checkRange(String op, Variable x, Tensor ids, int bound) {
    int[] values = ids.toInts();
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= bound) {
        throw new IndexOutOfBoundsException(
            op
                + ": index "
                + values[i]
                + " (number "
                + i
                + " of "
                + ids.describe()
                + ") is not in [0, "
                + bound
                + ") for "
                + x.describe()
                + "; does the vocabulary belong to this model?"
                + ModulePath.suffix());
      }
    }
  }
}
