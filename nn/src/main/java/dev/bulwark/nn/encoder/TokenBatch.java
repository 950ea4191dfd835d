package dev.bulwark.nn.encoder;

import dev.bulwark.nn.text.Encoding;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Token ids of B sequences, padded to a common length S.
 *
 * @param size B
 * @param length S
 * @param ids token ids, row-major [B, S]
 * @param types segment ids [B, S]
 * @param mask 1 for real tokens and 0 for padding [B, S]
 */
public record TokenBatch(int size, int length, int[] ids, int[] types, int[] mask) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if an array is not B * S long or a sequence has no token
   */
  public TokenBatch {
    for (int[] a : List.of(ids, types, mask)) {
      if (a.length != size * length) {
        throw new IllegalArgumentException(
            "a batch of " + size + " x " + length + " tokens got an array of " + a.length);
      }
    }
    for (int b = 0; b < size; b++) {
      if (Arrays.stream(mask, b * length, (b + 1) * length).allMatch(m -> m == 0)) {
        throw new IllegalArgumentException("sequence " + b + " of the batch has no real token");
      }
    }
  }

  /**
   * Pads encodings to the longest of them.
   *
   * @param encodings at least one
   * @param padId the padding token
   * @return the batch
   */
  public static TokenBatch of(List<Encoding> encodings, int padId) {
    int length = encodings.stream().mapToInt(Encoding::length).max().orElseThrow();
    int[] ids = new int[encodings.size() * length];
    int[] types = new int[ids.length];
    int[] mask = new int[ids.length];
    Arrays.fill(ids, padId);
    for (int b = 0; b < encodings.size(); b++) {
      Encoding e = encodings.get(b);
      System.arraycopy(e.ids(), 0, ids, b * length, e.length());
      System.arraycopy(e.typeIds(), 0, types, b * length, e.length());
      Arrays.fill(mask, b * length, b * length + e.length(), 1);
    }
    return new TokenBatch(encodings.size(), length, ids, types, mask);
  }

  /** The ids as an I32 tensor [B, S]. */
  public Tensor idTensor() {
    return Tensor.of(Shape.of(size, length), ids);
  }

  /** Number of real tokens. */
  public int tokens() {
    return Arrays.stream(mask).sum();
  }

  /** Whether any token is padding. */
  public boolean hasPadding() {
    return tokens() < mask.length;
  }
}
