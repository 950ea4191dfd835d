package dev.bulwark.nn.encoder;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.autograd.op.Normalisation;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention of padded sequences from its parts, with dropout multipliers that the caller gives: for
 * comparisons with implementations that drew them. Stores all probabilities, unlike {@link
 * dev.bulwark.autograd.op.Attention}.
 */
final class AttentionByParts {
  private AttentionByParts() {}

  /** q, k, v [B * S, A, D] and multipliers [B, A, S, S] to [B * S, A, D]. */
  static Variable attention(
      Variable q,
      Variable k,
      Variable v,
      double scale,
      @Nullable Tensor keyBias,
      Tensor multipliers) {
    int b = multipliers.dim(0);
    int s = multipliers.dim(2);
    Variable scores =
        Matmul.matmul(heads(q, b, s), Views.transpose(heads(k, b, s), 2, 3)).times(scale);
    if (keyBias != null) {
      scores = scores.plus(Variable.constant(keyBias.reshape(b, 1, 1, s)));
    }
    Variable p = Normalisation.softmax(scores, 3).times(Variable.constant(multipliers));
    Variable y = Matmul.matmul(p, heads(v, b, s)); // [B, A, S, D]
    return Views.reshape(Views.permute(y, 0, 2, 1, 3), b * s, q.dim(1), q.dim(2));
  }

  private static Variable heads(Variable x, int b, int s) {
    return Views.permute(Views.reshape(x, b, s, x.dim(1), x.dim(2)), 0, 2, 1, 3);
  }
}
