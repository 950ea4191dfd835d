package dev.bulwark.kernels.cuda;

import dev.bulwark.tensor.backend.Precision;

/**
 * Arguments of a product in cuBLAS's own terms: column-major, result = alpha * first second + beta
 * * result.
 *
 * @param transposeFirst whether memory holds the transpose of the first operand
 * @param transposeSecond whether memory holds the transpose of the second operand
 * @param m rows of the first operand and the result
 * @param n columns of the second operand and the result
 * @param k columns of the first operand, rows of the second
 * @param alpha factor of the product
 * @param first left operands
 * @param second right operands
 * @param beta factor of the old result
 * @param result where it goes
 * @param count number of products
 * @param precision how operands enter
 */
record GemmCall(
    boolean transposeFirst,
    boolean transposeSecond,
    int m,
    int n,
    int k,
    float alpha,
    Operand first,
    Operand second,
    float beta,
    Operand result,
    int count,
    Precision precision) {

  /**
   * F32 matrices in memory.
   *
   * @param address of the first element
   * @param leading distance between columns, in elements
   * @param stride distance between matrices, in elements
   */
  record Operand(long address, int leading, long stride) {}

  /** cuBLAS's number of the transposition of the first operand. */
  int firstOperation() {
    return transposeFirst ? 1 : 0;
  }

  /** cuBLAS's number of the transposition of the second operand. */
  int secondOperation() {
    return transposeSecond ? 1 : 0;
  }

  /** cuBLAS's number of the way to compute; sums are in F32 in each. */
  int computeType() {
    return switch (precision) {
      case F32 -> 68; // CUBLAS_COMPUTE_32F: no tensor cores unless a math mode allows them
      case TF32 -> 77; // CUBLAS_COMPUTE_32F_FAST_TF32
      case BF16 -> 75; // CUBLAS_COMPUTE_32F_FAST_16BF
      case F16 -> 74; // CUBLAS_COMPUTE_32F_FAST_16F
    };
  }
}
