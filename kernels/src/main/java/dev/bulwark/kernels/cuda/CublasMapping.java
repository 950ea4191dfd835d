package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Product;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * From row-major products to calls of a column-major library. The same memory read by columns is
 * the transpose, so c = a b is computed as c' = b' a': the operands change places, and so do m and
 * n.
 */
final class CublasMapping {
  private static final long F32 = 4;

  private CublasMapping() {}

  /**
   * The call for a product.
   *
   * @param addressOf where a piece of memory begins
   * @return null if the library cannot read these strides
   */
  static @Nullable GemmCall of(Product p, ToLongFunction<Memory> addressOf) {
    Layout a = layout(p.a(), p.m(), p.k());
    Layout b = layout(p.b(), p.k(), p.n());
    Layout c = layout(p.c(), p.m(), p.n());
    if (a == null || b == null || c == null || c.transposed()) {
      return null;
    }
    return new GemmCall(
        b.transposed(),
        a.transposed(),
        p.n(),
        p.m(),
        p.k(),
        p.alpha(),
        operand(p.b(), b, addressOf),
        operand(p.a(), a, addressOf),
        p.beta(),
        operand(p.c(), c, addressOf),
        p.count(),
        p.precision());
  }

  private static GemmCall.Operand operand(
      Product.Matrix matrix, Layout layout, ToLongFunction<Memory> addressOf) {
    return new GemmCall.Operand(
        addressOf.applyAsLong(matrix.memory()) + F32 * matrix.offset(),
        layout.leading(),
        matrix.batch());
  }

  /** How a matrix lies: dense rows, or dense columns (transposed), so many elements apart. */
  private record Layout(boolean transposed, int leading) {}

  /** A stride of an axis of size 1 means nothing, whatever it is. */
  private static @Nullable Layout layout(Product.Matrix matrix, int rows, int columns) {
    if ((matrix.column() == 1 || columns == 1) && (rows == 1 || matrix.row() >= columns)) {
      return new Layout(false, rows == 1 ? columns : matrix.row());
    }
    if ((matrix.row() == 1 || rows == 1) && (columns == 1 || matrix.column() >= rows)) {
      return new Layout(true, columns == 1 ? rows : matrix.column());
    }
    return null;
  }
}
