package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.Encoder;

/**
 * An encoder and a head that scores classes: what training methods work on, whatever the head. A
 * classification head reads the first token, a prompt the mask, a span head every token.
 */
public abstract class ClassifierModel extends Module {
  /** For subclasses. */
  protected ClassifierModel() {}

  /** The encoder, where perturbations enter. */
  public abstract Encoder encoder();

  /** Sizes and rates of the encoder. */
  public abstract BertConfig config();

  /** C. */
  public abstract int classes();

  /**
   * Logits of encoded text.
   *
   * @param context training or inference
   * @param encoded what the encoder made of the rows
   * @param focus of each row, the position of the token that the head reads: 0 for [CLS]
   * @return [B, C], one row for each label of the batch
   */
  public abstract Variable logits(Context context, Encoded encoded, int[] focus);

  /**
   * Logits of encoded text, read from each first token.
   *
   * @param context training or inference
   * @param encoded what the encoder made of the rows
   * @return [B, C]
   */
  public final Variable logits(Context context, Encoded encoded) {
    return logits(context, encoded, new int[encoded.size()]);
  }
}
