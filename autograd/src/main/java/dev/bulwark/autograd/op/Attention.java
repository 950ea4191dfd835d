package dev.bulwark.autograd.op;

import static dev.bulwark.autograd.op.Operands.emptyLike;
import static dev.bulwark.autograd.op.Operands.error;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scaled dot-product attention, fused: the probabilities are never stored. */
public final class Attention {
  private Attention() {}

  /**
   * dropout(softmax(scale q kᵀ + keyBias)) v within each of the sequences laid end to end.
   *
   * @param q queries [T, A, D]
   * @param k keys [T, A, D]
   * @param v values [T, A, D]
   * @param spec where sequences begin and end, scale and dropout
   * @param keyBias [T], added to every score of that key: 0, or minus infinity on padding; null for
   *     none
   * @return [T, A, D]
   */
  public static Variable attention(
      Variable q, Variable k, Variable v, AttentionSpec spec, @Nullable Tensor keyBias) {
    check(q, k, v, spec, keyBias);
    Tensor qt = rowsInLine(q.value());
    Tensor kt = rowsInLine(k.value());
    Tensor vt = rowsInLine(v.value());
    Tensor y = emptyLike(qt);
    Tensor logSums = emptyLike(qt, Shape.of(qt.dim(0), qt.dim(1)));
    y.kernels().attention(spec, qt, kt, vt, keyBias, y, logSums);
    return Node.of(
        "attention",
        y,
        List.of(q, k, v),
        List.of(qt, kt, vt, logSums),
        (dy, to) -> {
          Tensor dq = emptyLike(y);
          Tensor dk = emptyLike(y);
          Tensor dv = emptyLike(y);
          y.kernels()
              .attentionGrad(spec, qt, kt, vt, keyBias, y, logSums, rowsInLine(dy), dq, dk, dv);
          to.add(0, () -> dq);
          to.add(1, () -> dk);
          to.add(2, () -> dv);
        });
  }

  private static void check(
      Variable q, Variable k, Variable v, AttentionSpec spec, @Nullable Tensor keyBias) {
    Operands.needFloating("attention", q);
    Operands.needSameType("attention", q, k);
    Operands.needSameType("attention", q, v);
    if (q.shape().rank() != 3 || !q.shape().equals(k.shape()) || !q.shape().equals(v.shape())) {
      throw error("attention", "all three must be [T, A, D]", "q", q, "k", k, "v", v);
    }
    int[] offsets = spec.offsets();
    boolean ascending = offsets.length > 0 && offsets[0] == 0;
    for (int i = 1; i < offsets.length; i++) {
      ascending &= offsets[i] >= offsets[i - 1];
    }
    if (!ascending || offsets[offsets.length - 1] != q.dim(0)) {
      throw error(
          "attention", "offsets " + Arrays.toString(offsets) + " must ascend from 0 to T", "q", q);
    }
    if (!(spec.dropout() >= 0 && spec.dropout() < 1)) {
      throw new IllegalArgumentException(
          "attention: dropout " + spec.dropout() + " is not in [0, 1)");
    }
    if (keyBias != null) {
      Operands.needShape("attention", "keyBias", keyBias, Shape.of(q.dim(0)));
      Operands.needType("attention", "keyBias", keyBias, q.value().dtype());
    }
  }

  /** The kernels take any strides but along the last axis. */
  private static Tensor rowsInLine(Tensor t) {
    return t.dim(-1) <= 1 || t.stride(-1) == 1 ? t : t.contiguous();
  }
}
