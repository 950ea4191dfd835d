package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Init;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.Bert;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoder;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.layer.LayerNorm;
import dev.bulwark.nn.layer.Linear;

/** An encoder with the masked-language-model head, its decoder tied to the word table. */
public final class MaskedLm extends Module {
  private final Bert encoder;
  private final Linear dense;
  private final LayerNorm norm;
  private final Parameter bias;

  /**
   * Takes "bert" and "cls.predictions" from a source.
   *
   * @param source where the parameters come from, in Hugging Face names
   * @param config sizes and rates of the encoder
   */
  public MaskedLm(Source source, BertConfig config) {
    encoder = child(new Bert(source.under("bert"), config));
    Source head = source.under("cls").under("predictions");
    Source transform = head.under("transform");
    int h = config.hiddenSize();
    dense = child(new Linear(transform.under("dense"), h, h));
    norm = child(new LayerNorm(transform.under("LayerNorm"), h, config.layerNormEpsilon()));
    bias = own(head.parameter("bias", Init.ZEROS, config.vocabSize()));
  }

  /** The encoder, where perturbations enter. */
  public Encoder encoder() {
    return encoder;
  }

  /**
   * Scores of all word pieces.
   *
   * @param hidden [..., H], hidden states of the tokens to predict
   * @return [..., V]
   */
  public Variable logits(Variable hidden) {
    Variable x = norm.forward(encoder.config().activation().forward(dense.forward(hidden)));
    return Matmul.linear(x, encoder.wordTable().variable(), bias.variable());
  }

  /**
   * Scores at every token of a batch.
   *
   * @param context training or inference
   * @param batch the tokens
   * @return [B, S, V]
   */
  public Variable logits(Context context, TokenBatch batch) {
    return logits(encoder.encode(context, encoder.embed(batch), batch).last());
  }
}
