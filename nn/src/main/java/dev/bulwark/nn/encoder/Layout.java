package dev.bulwark.nn.encoder;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.nn.Padding;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the T tokens that are computed lie in the padded batch: packed end to end, or all B * S.
 *
 * <p>Everything but attention works row by row, so layers see [T, H]; attention sees the cumulative
 * lengths. Packed and padded give the same numbers for real tokens.
 */
final class Layout {
  private final TokenBatch batch;
  private final int[] rows; // of each computed token, its place in [B * S]
  private final int[] offsets; // B + 1 cumulative lengths
  private final boolean whole; // rows are 0, 1, 2, ...
  private final double bias;

  Layout(TokenBatch batch, Padding padding) {
    this.batch = batch;
    this.whole = !padding.packed() || !batch.hasPadding();
    this.bias = padding.bias();
    this.rows =
        IntStream.range(0, batch.mask().length)
            .filter(i -> whole || batch.mask()[i] != 0)
            .toArray();
    this.offsets = new int[batch.size() + 1];
    for (int b = 0, r = 0; b < batch.size(); b++) {
      while (r < rows.length && rows[r] < (b + 1) * batch.length()) {
        r++;
      }
      offsets[b + 1] = r;
    }
  }

  int[] mask() {
    return batch.mask();
  }

  int[] offsets() {
    return offsets;
  }

  /** [B, S, H] to [T, H]. */
  Variable pack(Variable padded) {
    Variable flat = Views.reshape(padded, batch.mask().length, padded.dim(-1));
    return whole ? flat : Indexing.gatherRows(flat, ids(rows));
  }

  /** [T, H] to [B, S, H], with zeros where nothing was computed. */
  Variable unpack(Variable tokens) {
    Variable flat = whole ? tokens : Indexing.scatterRows(tokens, ids(rows), batch.mask().length);
    return Views.reshape(flat, batch.size(), batch.length(), tokens.dim(-1));
  }

  /** B. */
  int size() {
    return batch.size();
  }

  /** The computed row of a token. */
  int row(int sequence, int position) {
    int row =
        Arrays.binarySearch(
            rows, offsets[sequence], offsets[sequence + 1], sequence * batch.length() + position);
    if (row < 0) {
      throw new IllegalArgumentException(
          "position " + position + " of sequence " + sequence + " is padding or past its end");
    }
    return row;
  }

  /** Per computed token, one of the batch's arrays [B, S]. */
  Tensor pick(int[] padded) {
    int[] picked = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = padded[rows[i]];
    }
    return ids(picked);
  }

  /** Position within its row of each computed token. */
  Tensor positions() {
    return ids(IntStream.of(rows).map(r -> r % batch.length()).toArray());
  }

  /** Bias of each key [T], where padding is computed. */
  Optional<Tensor> keyBias(DType dtype) {
    if (!whole || !batch.hasPadding()) {
      return Optional.empty();
    }
    double[] biases = IntStream.of(batch.mask()).mapToDouble(m -> m != 0 ? 0 : bias).toArray();
    @Nullable Tensor t = Tensor.of(Shape.of(biases.length), biases);
    return Optional.of(dtype == DType.F64 ? t : t.cast(dtype));
  }

  private static Tensor ids(int[] values) {
    return Tensor.of(Shape.of(values.length), values);
  }
}
