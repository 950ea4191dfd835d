package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * How the matrices of a tensor's last two axes lie: dense along one axis, and along the other at
 * least as far apart as a line is long, as libraries want it.
 *
 * @param row distance between rows
 * @param column distance between columns; 1 if rows are dense, and only if row is 1 may it be more
 */
record Lines(int row, int column) {
  /** Null if the tensor has to be copied first. */
  static @Nullable Lines of(Tensor t) {
    int rows = t.dim(-2);
    int columns = t.dim(-1);
    int row = rows == 1 ? Math.max(t.stride(-2), columns) : t.stride(-2); // of one: any will do
    int column = columns == 1 ? Math.max(t.stride(-1), rows) : t.stride(-1);
    if ((column == 1 || columns == 1) && row >= columns) {
      return new Lines(row, 1);
    }
    return (row == 1 || rows == 1) && column >= rows ? new Lines(1, column) : null;
  }

  /** The tensor without gaps between its lines, which stay dense along the axis they are. */
  static Tensor packed(Tensor t) {
    Lines lines = of(t);
    return lines == null || lines.column == 1
        ? t.contiguous()
        : t.transpose(-1, -2).contiguous().transpose(-1, -2);
  }
}
