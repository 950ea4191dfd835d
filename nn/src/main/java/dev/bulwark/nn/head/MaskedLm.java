package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Indexing;
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
import dev.bulwark.tensor.Tensor;

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
    this(source, source, config);
  }

  /**
   * Takes the encoder and the head from different sources: a new head on a bare encoder.
   *
   * @param source where "bert" comes from, in Hugging Face names
   * @param headSource where "cls.predictions" comes from
   * @param config sizes and rates of the encoder
   */
  public MaskedLm(Source source, Source headSource, BertConfig config) {
    encoder = child(new Bert(source.under("bert"), config));
    Source head = headSource.under("cls").under("predictions");
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

  /** Sizes and rates of the encoder. */
  public BertConfig config() {
    return encoder.config();
  }

  /**
   * Scores of all word pieces.
   *
   * @param hidden [..., H], hidden states of the tokens to predict
   * @return [..., V]
   */
  public Variable logits(Variable hidden) {
    return Matmul.linear(transform(hidden), encoder.wordTable().variable(), bias.variable());
  }

  /**
   * Scores of some word pieces; the others cost nothing.
   *
   * @param hidden [R, H], hidden states of the tokens to predict
   * @param words I32 [N], the word pieces
   * @return [R, N]
   */
  public Variable logits(Variable hidden, Tensor words) {
    Variable column = bias.variable().reshape(bias.value().size(), 1);
    return Matmul.linear(
        transform(hidden),
        Indexing.gatherRows(encoder.wordTable().variable(), words),
        Indexing.gatherRows(column, words).reshape(words.size()));
  }

  private Variable transform(Variable hidden) {
    return norm.forward(encoder.config().activation().forward(dense.forward(hidden)));
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
