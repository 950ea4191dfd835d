package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Reduce;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sum, maximum and minimum over axes; totals of whole tensors.
 *
 * <p>Where results are few and each has many elements, these are cut into chunks, and the chunks'
 * results folded after them. Chunks depend on shapes and strides only, so sums have a fixed order.
 */
final class Reductions {
  private static final Kernel REDUCE = Program.REDUCTIONS.kernel("bk_reduce");
  private static final Kernel SUM_SQUARES = Program.REDUCTIONS.kernel("bk_sum_squares");
  private static final Kernel COUNT_NOT_FINITE = Program.REDUCTIONS.kernel("bk_count_not_finite");
  private static final Kernel SUM_PARTIALS = Program.REDUCTIONS.kernel("bk_sum_partials");

  private static final int BLOCKS = 512; // keep any GPU busy
  private static final int LEAST_PER_LANE = 16; // elements of a chunk, for each lane of a team
  private static final int PARTIALS = 512; // of a total
  private static final int LEAST_PER_PARTIAL = 8 * Grid.BLOCK;

  private final Work work;

  Reductions(Work work) {
    this.work = work;
  }

  void reduce(Reduce op, Tensor x, Tensor y) {
    Operands.requireF32("reduce " + op, x, y);
    if (x.size() == 0) {
      y.kernels().fill(y, identity(op));
      return;
    }
    Tensor rows = x; // where the elements of each result begin
    Tensor row = x; // the elements of the first result
    for (int axis = 0; axis < x.rank(); axis++) {
      if (isReduced(x, y, axis)) {
        rows = rows.slice(axis, 0, 1);
      } else {
        row = row.slice(axis, 0, 1);
      }
    }
    List<View> elements = new ArrayList<>();
    View.each(elements::add, row);
    if (elements.size() == 1) {
      View inner = elements.getFirst();
      View.each(v -> reduceRows(op, x, v, inner, y), rows, y);
    } else {
      int[] order = keptFirst(x, y);
      reduce(op, x.permute(order).contiguous(), y.permute(order));
    }
  }

  private static double identity(Reduce op) {
    return switch (op) {
      case SUM -> 0;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static boolean isReduced(Tensor x, Tensor y, int axis) {
    return y.dim(axis) == 1 && x.dim(axis) != 1;
  }

  /** An order of the axes in which those that are reduced come last. */
  private static int[] keptFirst(Tensor x, Tensor y) {
    IntStream kept = IntStream.range(0, x.rank()).filter(a -> !isReduced(x, y, a));
    IntStream reduced = IntStream.range(0, x.rank()).filter(a -> isReduced(x, y, a));
    return IntStream.concat(kept, reduced).toArray();
  }

  private void reduceRows(Reduce op, Tensor x, View rows, View row, Tensor y) {
    Team team = Team.of(rows.size(), rows.innermostStride(0), row.size(), row.innermostStride(0));
    int chunks = chunks(team, rows.size(), row.size());
    int[] strides = row.of(0).clone();
    strides[0] = 0; // the rows have the offset
    View inner = new View(row.dims(), new int[][] {strides}, row.size());
    if (chunks == 1) {
      launch(op, team, 1, x, rows, inner, y, rows.of(1));
      return;
    }
    Tensor partial = Tensor.empty(Shape.of(chunks, rows.size()), DType.F32, x.backend());
    int[] d = rows.dims();
    int[] dense = {0, d[1] * d[2] * d[3], d[2] * d[3], d[3], 1};
    launch(op, team, chunks, x, rows, inner, partial, dense);
    Team last = Team.of(rows.size(), 1, chunks, rows.size());
    View down =
        new View(new int[] {1, 1, 1, chunks}, new int[][] {{0, 0, 0, 0, rows.size()}}, chunks);
    View sums = new View(d, new int[][] {dense}, rows.size());
    launch(op, last, 1, partial, sums, down, y, rows.of(1));
  }

  /** Folds what lies at inner from the first place of each row of x; y at result. */
  private void launch(
      Reduce op, Team team, int chunks, Tensor x, View rows, View inner, Tensor y, int[] result) {
    work.launch(
        REDUCE,
        new Grid(team.grid(rows.size()).x(), chunks, Grid.BLOCK),
        Codes.of(op),
        x,
        rows.of(0),
        inner.of(0),
        inner.dims(),
        inner.size(),
        y,
        result,
        rows.dims(),
        rows.size(),
        (inner.size() - 1) / chunks + 1,
        rows.size(),
        team.lanes(),
        team.apart());
  }

  /** Pieces of a row, each for a block of its own: more than one where a GPU would idle. */
  private static int chunks(Team team, int rows, int n) {
    int blocks = (rows - 1) / team.rowsPerBlock() + 1;
    int least = team.lanes() * LEAST_PER_LANE;
    return Math.clamp(n / least, 1, Math.max(1, BLOCKS / blocks));
  }

  /** The sum of squares of each, with one copy to the host for all. */
  double[] sumsOfSquares(List<Tensor> xs) {
    return totals("sumOfSquares", SUM_SQUARES, xs);
  }

  /** Whether no element of any is NaN or infinite, with one copy to the host for all. */
  boolean allFinite(List<Tensor> xs) {
    return Arrays.stream(totals("allFinite", COUNT_NOT_FINITE, xs)).allMatch(count -> count == 0);
  }

  private double[] totals(String what, Kernel kernel, List<Tensor> xs) {
    if (xs.isEmpty()) {
      return new double[0];
    }
    int count = xs.size();
    Backend backend = xs.getFirst().backend();
    Tensor partials = Tensor.empty(Shape.of(count, PARTIALS), DType.F64, backend);
    backend.kernels().fill(partials, 0);
    for (int i = 0; i < count; i++) {
      Operands.requireF32(what, xs.get(i));
      addPartials(kernel, xs.get(i), partials, i * PARTIALS);
    }
    Tensor totals = Tensor.empty(Shape.of(count), DType.F64, backend);
    work.launch(SUM_PARTIALS, Grid.rows(count), partials, count, PARTIALS, totals);
    return totals.toDoubles();
  }

  private void addPartials(Kernel kernel, Tensor x, Tensor partials, int first) {
    List<View> views = new ArrayList<>();
    View.each(views::add, x);
    if (views.size() > 1) {
      addPartials(kernel, x.contiguous(), partials, first);
      return;
    }
    for (View v : views) {
      int blocks = Math.clamp(v.size() / LEAST_PER_PARTIAL, 1, PARTIALS);
      work.launch(kernel, Grid.rows(blocks), x, v.of(0), v.dims(), v.size(), partials, first);
    }
  }
}
