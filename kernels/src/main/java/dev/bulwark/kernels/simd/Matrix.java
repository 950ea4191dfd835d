package dev.bulwark.kernels.simd;

/**
 * Where a matrix lies: element (i, j) is {@code data[offset + i * rowStride + j * columnStride]}.
 *
 * @param data the array
 * @param offset place of element (0, 0)
 * @param rowStride distance of rows
 * @param columnStride distance of columns
 */
record Matrix(float[] data, int offset, int rowStride, int columnStride) {
  /** The matrix that starts elsewhere in the same array. */
  Matrix at(int newOffset) {
    return new Matrix(data, newOffset, rowStride, columnStride);
  }

  /** The transposed matrix, a view. */
  Matrix transposed() {
    return new Matrix(data, offset, columnStride, rowStride);
  }
}
