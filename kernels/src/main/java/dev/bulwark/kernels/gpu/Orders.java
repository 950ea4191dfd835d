package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;

/** The largest element, running sums and order, along one axis. */
final class Orders {
  private static final Kernel ARG_MAX = Program.ORDERS.kernel("bk_arg_max");
  private static final Kernel RUNNING_SUM = Program.ORDERS.kernel("bk_running_sum");
  private static final Kernel SORT_LOAD = Program.ORDERS.kernel("bk_sort_load");
  private static final Kernel SORT_STORE = Program.ORDERS.kernel("bk_sort_store");

  private static final int MOST_KEYS = 1 << 24; // sorted at a time: 128 MiB; at least one row

  private final Work work;
  private final KeySort keySort;

  Orders(Work work) {
    this.work = work;
    this.keySort = new KeySort(work);
  }

  void argMax(Tensor x, Tensor y) {
    Operands.requireF32("argMax", x);
    Operands.requireWidth("argMax", 4, y);
    int n = x.dim(-1);
    if (n == 0) {
      y.kernels().fill(y, -1);
      return;
    }
    int stride = x.stride(-1);
    View.each(
        v -> {
          Team team = Team.of(v.size(), v.innermostStride(0), n, stride);
          work.launch(
              ARG_MAX,
              team.grid(v.size()),
              x,
              v.of(0),
              stride,
              n,
              y,
              v.of(1),
              v.dims(),
              v.size(),
              team.lanes(),
              team.apart());
        },
        x.select(-1, 0),
        y);
  }

  void cumulativeSum(Tensor x, int axis, Tensor y) {
    Operands.requireF32("cumulativeSum", x, y);
    int n = x.dim(axis);
    if (n == 0) {
      return;
    }
    int from = x.stride(axis);
    int to = y.stride(axis);
    View.each(
        v -> {
          Team team = Team.of(v.size(), v.innermostStride(0), n, from);
          work.launch(
              RUNNING_SUM,
              team.grid(v.size()),
              x,
              v.of(0),
              from,
              n,
              y,
              v.of(1),
              to,
              v.dims(),
              v.size(),
              team.lanes(),
              team.apart());
        },
        x.select(axis, 0),
        y.select(axis, 0));
  }

  void sort(Tensor x, boolean descending, Tensor values, Tensor indices) {
    Operands.requireF32("sort", x, values);
    Operands.requireWidth("sort", 4, indices);
    int n = x.dim(-1);
    if (n == 0) {
      return;
    }
    int most = Math.max(1, MOST_KEYS / KeySort.segment(n));
    Tensor from = x.buffer().equals(values.buffer()) ? x.copy() : x; // read again after the sort
    View.each(
        v -> {
          for (int first = 0; first < v.size(); first += most) {
            sort(from, descending, values, indices, v, first, Math.min(most, v.size() - first));
          }
        },
        from.select(-1, 0),
        values.select(-1, 0),
        indices.select(-1, 0));
  }

  /** Sorts some of the rows of a view. */
  private void sort(
      Tensor x, boolean descending, Tensor values, Tensor indices, View v, int first, int rows) {
    int n = x.dim(-1);
    int segment = KeySort.segment(n);
    Tensor keys = KeySort.keys(rows, segment, x.backend());
    work.launch(
        SORT_LOAD,
        Grid.over(keys.size()),
        x,
        v.of(0),
        x.stride(-1),
        n,
        v.dims(),
        first,
        rows,
        segment,
        descending ? 1 : 0,
        keys,
        keys.size());
    keySort.sort(keys, segment);
    work.launch(
        SORT_STORE,
        Grid.over(rows * n),
        keys,
        segment,
        x,
        v.of(0),
        x.stride(-1),
        values,
        v.of(1),
        values.stride(-1),
        indices,
        v.of(2),
        indices.stride(-1),
        v.dims(),
        first,
        n,
        rows * n);
  }
}
