package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Tensor;
import java.util.Objects;

/** Kernels that read or write where indices say. Indices outside are an error, never a read. */
final class Indexing {
  private Indexing() {}

  static void gatherRows(Tensor table, Tensor ids, Tensor y) {
    Tensor from = sharesMemory(table, y) ? table.copy() : table;
    int d = table.dim(1);
    double[] row = new double[d];
    int[] id = ints(ids);
    for (int k = 0; k < id.length; k++) {
      int at = from.offset() + Objects.checkIndex(id[k], from.dim(0)) * from.stride(0);
      Runs.load(from, at, from.stride(1), row, d);
      Runs.store(row, d, y, y.offset() + k * y.stride(0), y.stride(1));
    }
  }

  static void scatterAddRows(Tensor dy, Tensor ids, Tensor dTable) {
    Tensor from = sharesMemory(dy, dTable) ? dy.copy() : dy;
    int d = dTable.dim(1);
    double[] row = new double[d];
    double[] sum = new double[d];
    int[] id = ints(ids);
    for (int k = 0; k < id.length; k++) {
      int at = dTable.offset() + Objects.checkIndex(id[k], dTable.dim(0)) * dTable.stride(0);
      Runs.load(from, from.offset() + k * from.stride(0), from.stride(1), row, d);
      Runs.load(dTable, at, dTable.stride(1), sum, d);
      for (int j = 0; j < d; j++) {
        sum[j] += row[j];
      }
      Runs.store(sum, d, dTable, at, dTable.stride(1));
    }
  }

  static void gather(Tensor x, int axis, Tensor index, Tensor y) {
    Lines lines = new Lines(x, axis, index, y);
    double[] line = new double[x.dim(axis)];
    while (lines.walk.next()) {
      lines.loadIndexed(line);
      lines.walk.load(0, lines.places);
      for (int i = 0; i < lines.walk.length(); i++) {
        lines.values[i] = line[Objects.checkIndex((int) lines.places[i], line.length)];
      }
      lines.walk.store(lines.values, 1);
    }
  }

  static void scatterAdd(Tensor dy, int axis, Tensor index, Tensor dx) {
    Lines lines = new Lines(dx, axis, index, dy);
    double[] line = new double[dx.dim(axis)];
    while (lines.walk.next()) {
      lines.loadIndexed(line);
      lines.walk.load(0, lines.places);
      lines.walk.load(1, lines.values);
      for (int i = 0; i < lines.walk.length(); i++) {
        line[Objects.checkIndex((int) lines.places[i], line.length)] += lines.values[i];
      }
      lines.storeIndexed(line);
    }
  }

  /** Lines along the indexed axis: of the indices, of the values beside them, of the target. */
  private static final class Lines {
    final Walk walk;
    final double[] places;
    final double[] values;
    private final Tensor indexed;
    private final Walk lead; // steps through the indexed tensor, one line at a time

    Lines(Tensor indexed, int axis, Tensor index, Tensor beside) {
      walk = Walk.rows(index.transpose(axis, -1), beside.transpose(axis, -1));
      places = walk.buffer();
      values = walk.buffer();
      Tensor t = indexed.transpose(axis, -1);
      Tensor along = index.transpose(axis, -1);
      for (int i = 0; i < t.rank() - 1; i++) {
        t = t.slice(i, 0, along.dim(i)); // an index may cover a part of the other axes
      }
      this.indexed = t;
      this.lead = Walk.rows(t);
    }

    void loadIndexed(double[] line) {
      lead.next();
      Runs.load(indexed, lead.start(0), lead.stride(0), line, line.length);
    }

    void storeIndexed(double[] line) {
      Runs.store(line, line.length, indexed, lead.start(0), lead.stride(0));
    }
  }

  private static boolean sharesMemory(Tensor a, Tensor b) {
    return a.buffer().equals(b.buffer());
  }

  private static int[] ints(Tensor ids) {
    int[] all = new int[ids.size()];
    int[] array = ids.heap().ints();
    for (int k = 0; k < all.length; k++) {
      all[k] = array[ids.offset() + k * ids.stride(0)];
    }
    return all;
  }
}
