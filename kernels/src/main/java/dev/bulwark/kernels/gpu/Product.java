package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.backend.Precision;

/**
 * Batched matrix products c = alpha * a b + beta * c in F32. Element (i, j) of matrix number n of
 * an operand is at {@code offset + n * batch + i * row + j * column}.
 *
 * @param m rows of a and c
 * @param n columns of b and c
 * @param k columns of a, rows of b; at least 1
 * @param count number of matrices
 * @param alpha factor of the product
 * @param a left operands; row or column stride is 1, the other at least a line's length
 * @param b right operands; row or column stride is 1, the other at least a line's length
 * @param beta factor of the old c; with 0, c may hold anything
 * @param c results; column stride is 1, row stride at least n
 * @param precision in which operands enter the product; sums are in F32
 */
public record Product(
    int m,
    int n,
    int k,
    int count,
    float alpha,
    Matrix a,
    Matrix b,
    float beta,
    Matrix c,
    Precision precision) {

  /**
   * Matrices of one operand.
   *
   * @param memory where they lie
   * @param offset element (0, 0) of the first, in elements
   * @param row distance between rows
   * @param column distance between columns
   * @param batch distance between matrices; 0 repeats one
   */
  public record Matrix(Memory memory, int offset, int row, int column, int batch) {
    /** As our own kernel takes it, from matrix number first on. */
    int[] view(int first) {
      return new int[] {offset + first * batch, batch, row, column, 0};
    }
  }

  /** The same as one product, if all matrices have one b and follow one another in a and c. */
  Product folded() {
    boolean follow =
        b.batch == 0 && a.column == 1 && a.batch == (long) m * a.row && c.batch == (long) m * c.row;
    return count == 1 || !follow
        ? this
        : new Product(m * count, n, k, 1, alpha, a, b, beta, c, precision);
  }
}
