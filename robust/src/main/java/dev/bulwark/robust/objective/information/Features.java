package dev.bulwark.robust.objective.information;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.robust.objective.Pass;
import java.util.stream.IntStream;

/** The features of a pass whose information InfoBERT bounds. */
public final class Features {
  private Features() {}

  /**
   * The embedding block's output of all real tokens, in batch order.
   *
   * @param pass of the loop
   * @return [N, H]
   */
  public static Variable tokens(Pass pass) {
    int length = pass.step().batch().tokens().length();
    int[] mask = pass.step().batch().tokens().mask();
    int[] real = IntStream.range(0, mask.length).filter(i -> mask[i] != 0).toArray();
    return pass.encoded()
        .at(
            0,
            IntStream.of(real).map(i -> i / length).toArray(),
            IntStream.of(real).map(i -> i % length).toArray());
  }

  /**
   * The last layer's output of the token that stands for its sentence.
   *
   * @param pass of the loop
   * @return [B, H]
   */
  public static Variable sentences(Pass pass) {
    return pass.encoded().at(pass.step().batch().focus());
  }

  /**
   * The embedding block's output of each sentence in one row, zeros up to the longest possible.
   *
   * @param pass of the loop
   * @param maxLength longest sequence in tokens
   * @return [B, maxLength * H]
   */
  public static Variable wholeSentences(Pass pass, int maxLength) {
    Variable embedded = pass.encoded().hidden(0);
    int width = embedded.dim(1) * embedded.dim(2);
    int missing = maxLength * embedded.dim(2) - width;
    return Views.pad(embedded.reshape(embedded.dim(0), width), 1, 0, missing, 0);
  }
}
