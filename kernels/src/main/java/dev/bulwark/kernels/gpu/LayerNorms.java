package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation of rows, any strides.
 *
 * <p>The gradients of gain and bias are sums over rows in two stages: parts of at least {@link
 * #PART} rows, and then the parts in order.
 */
final class LayerNorms {
  private static final Kernel FORWARD = Program.LAYER_NORM.kernel("bk_layer_norm");
  private static final Kernel INPUT = Program.LAYER_NORM.kernel("bk_layer_norm_grad");
  private static final Kernel PARTS = Program.LAYER_NORM.kernel("bk_layer_norm_parts");
  private static final Kernel JOIN = Program.LAYER_NORM.kernel("bk_layer_norm_join");

  private static final int PART = 32; // rows
  private static final int MOST_PARTS = 64;
  private static final int TILE = 32; // columns of a block of the first stage

  private final Work work;

  LayerNorms(Work work) {
    this.work = work;
  }

  void forward(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    Operands.requireF32("layerNorm", x, gain, bias, y, mean, rstd);
    if (x.dim(1) == 0) {
      mean.kernels().fill(mean, Double.NaN); // of nothing
      rstd.kernels().fill(rstd, Double.NaN);
    } else if (x.size() > 0) {
      work.launch(
          FORWARD,
          Grid.rows(x.dim(0), x.dim(1)),
          x,
          matrix(x),
          gain,
          vector(gain),
          bias,
          vector(bias),
          (float) epsilon,
          y,
          matrix(y),
          mean,
          vector(mean),
          rstd,
          vector(rstd),
          x.dim(0),
          x.dim(1));
    }
  }

  void backward(
      Tensor dy,
      Tensor x,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      @Nullable Tensor dx,
      @Nullable Tensor dGain,
      @Nullable Tensor dBias) {
    Operands.requireF32("layerNormGrad", dy, x, gain, mean, rstd);
    for (Tensor t : new @Nullable Tensor[] {dx, dGain, dBias}) {
      if (t != null) {
        Operands.requireF32("layerNormGrad", t);
      }
    }
    if (x.dim(1) == 0) {
      return;
    }
    if (dGain == null && dBias == null) {
      inputGrad(dy, x, gain, mean, rstd, dx);
      return;
    }
    Scope.run(
        "layerNormGrad",
        () -> {
          int rowsOfPart = Math.max(PART, Math.ceilDiv(x.dim(0), MOST_PARTS));
          int parts = Math.max(1, Math.ceilDiv(x.dim(0), rowsOfPart));
          Tensor part = Tensor.empty(Shape.of(2, parts, x.dim(1)), DType.F32, x.backend());
          parts(dy, x, mean, rstd, part, rowsOfPart); // before any result: it may be an operand
          inputGrad(dy, x, gain, mean, rstd, dx);
          join(part, dGain, dBias);
        });
  }

  private void parts(Tensor dy, Tensor x, Tensor mean, Tensor rstd, Tensor part, int rowsOfPart) {
    work.launch(
        PARTS,
        new Grid(Math.ceilDiv(x.dim(1), TILE), part.dim(1), Grid.BLOCK),
        dy,
        matrix(dy),
        x,
        matrix(x),
        mean,
        vector(mean),
        rstd,
        vector(rstd),
        part,
        part.dim(1),
        rowsOfPart,
        x.dim(0),
        x.dim(1));
  }

  private void inputGrad(
      Tensor dy, Tensor x, Tensor gain, Tensor mean, Tensor rstd, @Nullable Tensor dx) {
    if (dx != null && dx.size() > 0) {
      work.launch(
          INPUT,
          Grid.rows(x.dim(0), x.dim(1)),
          dy,
          matrix(dy),
          x,
          matrix(x),
          gain,
          vector(gain),
          mean,
          vector(mean),
          rstd,
          vector(rstd),
          dx,
          matrix(dx),
          x.dim(0),
          x.dim(1));
    }
  }

  private void join(Tensor part, @Nullable Tensor dGain, @Nullable Tensor dBias) {
    int columns = part.dim(2);
    work.launch(
        JOIN,
        new Grid(Grid.over(columns).x(), 2, Grid.BLOCK),
        part,
        part.dim(1),
        columns,
        dGain,
        vector(dGain),
        dBias,
        vector(dBias));
  }

  /** A matrix as the kernels take it. */
  private static int[] matrix(Tensor t) {
    return new int[] {t.offset(), 0, 0, t.stride(0), t.stride(1)};
  }

  private static int[] vector(@Nullable Tensor t) {
    return t == null ? new int[5] : new int[] {t.offset(), 0, 0, 0, t.stride(0)};
  }
}
