package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;

/**
 * Reads and writes where indices say. Indices were checked by the caller: a device cannot throw,
 * but what is out of range reads NaN and adds nothing.
 */
final class Indexing {
  private static final Kernel GATHER = Program.INDEXING.kernel("bk_gather");
  private static final Kernel SCATTER_ADD = Program.INDEXING.kernel("bk_scatter_add");
  private static final Kernel LIST_PLACES = Program.INDEXING.kernel("bk_list_places");
  private static final Kernel SCATTER_ADD_ROWS = Program.INDEXING.kernel("bk_scatter_add_rows");

  private final Work work;
  private final KeySort keySort;

  Indexing(Work work) {
    this.work = work;
    this.keySort = new KeySort(work);
  }

  void gatherRows(Tensor table, Tensor ids, Tensor y) {
    gather(table, 0, ids.unsqueeze(1).expand(y.shape()), y);
  }

  void gather(Tensor x, int axis, Tensor index, Tensor y) {
    Operands.requireWidth("gather", 4, x, index, y);
    if (y.size() == 0) {
      return;
    }
    Tensor from = unshared(x, y);
    int n = x.dim(axis);
    int stride = from.stride(axis);
    Tensor start = n == 0 ? index : begin(from, axis, index).expand(index.shape());
    View.each(
        v ->
            work.launch(
                GATHER,
                Grid.over(v.size()),
                from,
                v.of(0),
                n,
                stride,
                index,
                v.of(1),
                y,
                v.of(2),
                v.dims(),
                v.size()),
        start,
        index,
        y);
  }

  void scatterAdd(Tensor dy, int axis, Tensor index, Tensor dx) {
    Operands.requireF32("scatterAdd", dy, dx);
    Operands.requireWidth("scatterAdd", 4, index);
    int m = dy.dim(axis);
    int n = dx.dim(axis);
    if (dy.size() == 0 || n == 0) {
      return;
    }
    Tensor from = unshared(dy, dx);
    boolean axisInside = dx.stride(axis) == 1;
    View.each(
        v ->
            work.launch(
                SCATTER_ADD,
                Grid.over(v.size() * n),
                from,
                v.of(0),
                from.stride(axis),
                index,
                v.of(1),
                index.stride(axis),
                m,
                dx,
                v.of(2),
                dx.stride(axis),
                n,
                v.dims(),
                v.size(),
                axisInside ? 1 : 0),
        from.slice(axis, 0, 1),
        index.slice(axis, 0, 1),
        begin(dx, axis, index));
  }

  /**
   * Sorts the places k by id, equal ids in the order of k: then each id's places are neighbours,
   * and its row is added up without atomics.
   */
  void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable) {
    Operands.requireF32("scatterAddRows", dy, dTable);
    Operands.requireWidth("scatterAddRows", 4, ids);
    if (dy.size() == 0) {
      return;
    }
    Tensor from = unshared(dy, dTable);
    int count = dy.dim(0);
    int segment = KeySort.segment(count);
    Tensor keys = KeySort.keys(1, segment, dy.backend());
    work.launch(
        LIST_PLACES,
        Grid.over(keys.size()),
        ids,
        ids.offset(),
        ids.stride(0),
        count,
        keys,
        keys.size());
    keySort.sort(keys, segment);
    work.launch(
        SCATTER_ADD_ROWS,
        Grid.over(dy.size()),
        from,
        from.offset(),
        from.stride(0),
        from.stride(1),
        keys,
        count,
        dTable,
        dTable.offset(),
        dTable.stride(0),
        dTable.stride(1),
        dTable.dim(0),
        dy.dim(1),
        dy.size());
  }

  /** What lies at index 0 of an axis, for the part of the other axes that the index covers. */
  private static Tensor begin(Tensor x, int axis, Tensor index) {
    Tensor t = x.slice(axis, 0, 1);
    for (int i = 0; i < x.rank(); i++) {
      t = i == axis ? t : t.slice(i, 0, index.dim(i));
    }
    return t;
  }

  /** The operand, or a copy where it shares memory with the result. */
  private static Tensor unshared(Tensor operand, Tensor result) {
    return operand.buffer().equals(result.buffer()) ? operand.copy() : operand;
  }
}
