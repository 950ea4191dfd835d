package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import org.jspecify.annotations.Nullable;

/**
 * What attention is computed of: [T, A, D] with T and A above 0, the last axis dense, none of them
 * a result at the same time.
 */
record AttentionCall(AttentionSpec spec, Tensor q, Tensor k, Tensor v, @Nullable Tensor keyBias) {
  int heads() {
    return q.dim(1);
  }

  int headSize() {
    return q.dim(2);
  }

  int length(int sequence) {
    return spec.offsets()[sequence + 1] - spec.offsets()[sequence];
  }

  /** Length of all sequences, or -1 if it differs. */
  int commonLength() {
    int length = length(0);
    for (int b = 1; b < spec.sequences(); b++) {
      if (length(b) != length) {
        return -1;
      }
    }
    return length;
  }

  float scale() {
    return (float) spec.scale();
  }

  /** Unsigned: smaller words drop. */
  int threshold() {
    return Rng.threshold(spec.dropout());
  }

  /** What multiplies a probability that is kept. */
  float grow() {
    return (float) (1 / (1 - spec.dropout()));
  }

  long key() {
    return spec.rng().key();
  }

  /** Offset and stride of the bias. */
  int[] biasView() {
    return keyBias == null ? new int[5] : new int[] {keyBias.offset(), keyBias.stride(0), 0, 0, 0};
  }

  /** Offset and strides along tokens and heads. */
  static int[] view(Tensor t) {
    return new int[] {t.offset(), t.stride(0), t.stride(1), 0, 0};
  }
}
