package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products, by the vendor's library where the device has one, else by our own kernel.
 *
 * <p>Operands of any strides become what libraries take, see {@link Product}: one that is dense
 * along neither of its last two axes is copied, a result that is dense along columns is computed
 * transposed. Of the leading axes, merged where strides allow, the longest is the batch; the host
 * walks the others or, where they are many, packs the operands, which leaves none.
 */
final class Products {
  /** More calls than this for one product cost more than copies of its operands. */
  static final int MOST_CALLS = 4;

  private static final Kernel GEMM = Program.PRODUCTS.kernel("bk_gemm");
  private static final int TILE = 64; // edge of the square of results that a block computes
  private static final int MOST_MATRICES = 65_535; // second axis of a grid

  private final Work work;

  Products(Work work) {
    this.work = work;
  }

  void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    Operands.requireF32("gemm", a, b, c);
    if (c.size() == 0) {
      return;
    }
    if (a.dim(-1) == 0) {
      scale(beta, c);
      return;
    }
    Scope.run(
        "gemm",
        () -> multiply((float) alpha, Overlap.apart(a, c), Overlap.apart(b, c), (float) beta, c));
  }

  /** The bias is in place before the product is added to it. */
  void linear(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
    if (bias == null) {
      gemm(1, x, w.transpose(0, 1), 0, y);
      return;
    }
    Operands.requireF32("linear", x, w, bias, y);
    Scope.run(
        "linear",
        () -> {
          Tensor left = Overlap.apart(x, y);
          Tensor right = Overlap.apart(w, y);
          y.kernels().copy(bias.expand(y.shape()), y);
          gemm(1, left, right.transpose(0, 1), 1, y);
        });
  }

  private static void scale(double beta, Tensor c) {
    if (beta == 0) {
      c.kernels().fill(c, 0); // may hold NaN
    } else if (beta != 1) {
      c.kernels().affine(c, beta, 0, c);
    }
  }

  /** Brings operands and result into shape. */
  private void multiply(float alpha, Tensor a, Tensor b, float beta, Tensor c) {
    Lines lines = Lines.of(c);
    if (lines == null) {
      elsewhere(alpha, a, b, beta, c);
    } else if (lines.column() != 1) {
      multiply(alpha, b.transpose(-1, -2), a.transpose(-1, -2), beta, c.transpose(-1, -2));
    } else {
      multiplyRows(alpha, inLines(a), inLines(b), beta, c);
    }
  }

  private static Tensor inLines(Tensor t) {
    return Lines.of(t) == null ? t.copy() : t;
  }

  private void elsewhere(float alpha, Tensor a, Tensor b, float beta, Tensor c) {
    Tensor result = beta == 0 ? Operands.scratch(c) : c.copy();
    multiply(alpha, a, b, beta, result);
    c.kernels().copy(result, c);
  }

  private void multiplyRows(float alpha, Tensor a, Tensor b, float beta, Tensor c) {
    List<View> parts = new ArrayList<>();
    View.each(parts::add, first(a), first(b), first(c));
    int calls = parts.stream().mapToInt(p -> p.size() / p.dims()[longest(p)]).sum();
    if (calls > MOST_CALLS) {
      Tensor left = Lines.packed(a);
      Tensor right = Lines.packed(b);
      if (!c.isContiguous()) {
        elsewhere(alpha, left, right, beta, c);
        return;
      } else if (left != a || right != b) {
        multiplyRows(alpha, left, right, beta, c);
        return;
      }
    }
    for (View part : parts) {
      for (int call = 0; call < part.size() / part.dims()[longest(part)]; call++) {
        queue(
            new Product(
                    c.dim(-2),
                    c.dim(-1),
                    a.dim(-1),
                    part.dims()[longest(part)],
                    alpha,
                    matrix(a, part, 0, call),
                    matrix(b, part, 1, call),
                    beta,
                    matrix(c, part, 2, call),
                    work.precision())
                .folded());
      }
    }
  }

  /** Element (0, 0) of each matrix. */
  private static Tensor first(Tensor t) {
    return t.select(-1, 0).select(-1, 0);
  }

  /** The longest axis of a view, the batch. */
  private static int longest(View v) {
    int longest = 0;
    for (int axis = 1; axis < v.dims().length; axis++) {
      longest = v.dims()[axis] > v.dims()[longest] ? axis : longest;
    }
    return longest;
  }

  /** An operand's batch of matrices for one index of the other axes. */
  private Product.Matrix matrix(Tensor t, View v, int operand, int call) {
    int batch = longest(v);
    int at = v.of(operand)[0];
    int rest = call;
    for (int axis = v.dims().length - 1; axis >= 0; axis--) {
      if (axis != batch) {
        at += rest % v.dims()[axis] * v.of(operand)[axis + 1];
        rest /= v.dims()[axis];
      }
    }
    Lines lines = Lines.of(t);
    if (lines == null) {
      throw new IllegalStateException(t.describe() + " is not in lines");
    }
    return new Product.Matrix(
        work.memory(t), at, lines.row(), lines.column(), v.of(operand)[batch + 1]);
  }

  private void queue(Product p) {
    if (work.product(p)) {
      return;
    }
    int across = Math.ceilDiv(p.n(), TILE);
    int tiles = Math.multiplyExact(across, Math.ceilDiv(p.m(), TILE));
    for (int done = 0; done < p.count(); done += MOST_MATRICES) {
      work.launch(
          GEMM,
          new Grid(tiles, Math.min(MOST_MATRICES, p.count() - done), Grid.BLOCK),
          p.alpha(),
          p.a().memory(),
          p.a().view(done),
          p.b().memory(),
          p.b().view(done),
          p.beta(),
          p.c().memory(),
          p.c().view(done),
          new int[] {p.count(), p.m(), p.n(), p.k()},
          Codes.of(p.precision()));
    }
  }
}
