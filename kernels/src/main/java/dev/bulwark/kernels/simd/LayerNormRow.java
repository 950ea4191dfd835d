package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;
import static dev.bulwark.kernels.simd.Lanes.tail;
import static dev.bulwark.kernels.simd.Lanes.zero;

import dev.bulwark.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass of layer normalisation over one row: normal = (x - mean) rstd, d = dy.
 *
 * <p>Passes are called through a table, as in {@link HeadBlock}, so that none is inlined into
 * another.
 */
final class LayerNormRow {
  /** One pass over a row. */
  @FunctionalInterface
  private interface Pass {
    void run(LayerNormRow row);
  }

  /** sums[0][i] += d normal; sums[1][i] += d. */
  static final int ADD_TO_SUMS = 0;

  /** mean(g d) and mean(g d normal). */
  static final int MEANS = 1;

  /** dx = rstd (g d - mean(g d) - normal mean(g d normal)). */
  static final int INPUT_GRAD = 2;

  private static final Pass[] PASSES = {
    LayerNormRow::addToSums, LayerNormRow::means, LayerNormRow::inputGrad
  };
  private static final float[] NONE = {};

  /** Place of the two sums. */
  final int sums;

  private final int n;
  private final float[] d;
  private final float[] x;
  private final float[] g;
  private final float[] r;
  private final float[] partial;
  private final int firstD;
  private final int firstX;
  private final int firstG;
  private final int firstR;
  private int o;
  private int xo;
  private int ro;
  private float mu;
  private float s;
  private float meanSum;
  private float meanDot;

  LayerNormRow(Tensor dy, Tensor x, Tensor gain, @Nullable Tensor dx, float[] partial, int sums) {
    this.n = x.dim(1);
    this.d = dy.heap().floats();
    this.x = x.heap().floats();
    this.g = gain.heap().floats();
    this.r = dx == null ? NONE : dx.heap().floats();
    this.partial = partial;
    this.sums = sums;
    this.firstD = dy.offset();
    this.firstX = x.offset();
    this.firstG = gain.offset();
    this.firstR = dx == null ? 0 : dx.offset();
  }

  /** Goes to a row. */
  void at(int row, float mean, float rstd) {
    o = firstD + row * n;
    xo = firstX + row * n;
    ro = firstR + row * n;
    mu = mean;
    s = rstd;
  }

  /** Runs one of the passes. */
  void run(int pass) {
    PASSES[pass].run(this);
  }

  private void addToSums() {
    float[] sum = partial;
    int first = sums;
    int second = sums + n;
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += L) {
      FloatVector v = load(d, o + i);
      FloatVector normal = load(x, xo + i).sub(mu).mul(s);
      v.fma(normal, load(sum, first + i)).intoArray(sum, first + i);
      load(sum, second + i).add(v).intoArray(sum, second + i);
    }
    if (i < n) {
      var m = tail(i, n);
      FloatVector v = load(d, o + i, m);
      FloatVector normal = load(x, xo + i, m).sub(mu).mul(s);
      v.fma(normal, load(sum, first + i, m)).intoArray(sum, first + i, m);
      load(sum, second + i, m).add(v).intoArray(sum, second + i, m);
    }
  }

  private void means() {
    FloatVector sum = zero();
    FloatVector dot = zero();
    int end = F.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = load(d, o + i).mul(load(g, firstG + i));
      sum = sum.add(v);
      dot = v.fma(load(x, xo + i).sub(mu).mul(s), dot);
    }
    if (end < n) {
      var m = tail(end, n);
      FloatVector v = load(d, o + end, m).mul(load(g, firstG + end, m));
      sum = sum.add(v);
      dot = v.fma(load(x, xo + end, m).sub(mu).mul(s), dot);
    }
    meanSum = Lanes.sum(sum) / n;
    meanDot = Lanes.sum(dot) / n;
  }

  private void inputGrad() {
    FloatVector minusDot = splat(-meanDot);
    int end = F.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = load(d, o + i).mul(load(g, firstG + i)).sub(meanSum);
      FloatVector normal = load(x, xo + i).sub(mu).mul(s);
      normal.fma(minusDot, v).mul(s).intoArray(r, ro + i);
    }
    if (end < n) {
      var m = tail(end, n);
      FloatVector v = load(d, o + end, m).mul(load(g, firstG + end, m)).sub(meanSum);
      FloatVector normal = load(x, xo + end, m).sub(mu).mul(s);
      normal.fma(minusDot, v).mul(s).intoArray(r, ro + end, m);
    }
  }
}
