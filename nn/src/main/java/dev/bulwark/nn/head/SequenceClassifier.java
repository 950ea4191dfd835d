package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Dropout;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.Bert;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.Encoder;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.layer.Linear;

/** An encoder with a classifier on its pooled output (BertForSequenceClassification). */
public final class SequenceClassifier extends Module {
  private final Bert encoder;
  private final Pooler pooler;
  private final Linear classifier;
  private final int classes;
  private final double dropout;

  /**
   * Takes "bert" and "classifier" from a source. A pooler or classifier that the checkpoint lacks
   * is new.
   *
   * @param source where the parameters come from, in Hugging Face names
   * @param config sizes and rates of the encoder
   * @param classes C, at least 2
   * @param dropout rate before the classifier
   */
  public SequenceClassifier(Source source, BertConfig config, int classes, double dropout) {
    if (classes < 2) {
      throw new IllegalArgumentException("a classifier needs 2 classes or more, not " + classes);
    }
    Source bert = source.under("bert");
    Source pool = bert.under("pooler");
    Source top = source.under("classifier");
    encoder = child(new Bert(bert, config));
    pooler = child(new Pooler(pool.has("dense.weight") ? pool : pool.fresh(), config.hiddenSize()));
    classifier =
        child(new Linear(top.has("weight") ? top : top.fresh(), config.hiddenSize(), classes));
    this.classes = classes;
    this.dropout = dropout;
  }

  /** The encoder, where perturbations enter. */
  public Encoder encoder() {
    return encoder;
  }

  /** Sizes and rates of the encoder. */
  public BertConfig config() {
    return encoder.config();
  }

  /** C. */
  public int classes() {
    return classes;
  }

  /**
   * Logits of encoded text.
   *
   * @param context training or inference
   * @param encoded what the encoder made
   * @return [B, C]
   */
  public Variable logits(Context context, Encoded encoded) {
    Variable pooled = pooler.forward(encoded.first());
    return classifier.forward(
        Dropout.dropout(pooled, context.dropout(dropout), context.rng().split("classifier")));
  }

  /**
   * Logits of a batch.
   *
   * @param context training or inference
   * @param batch the tokens
   * @return [B, C]
   */
  public Variable logits(Context context, TokenBatch batch) {
    return logits(context, encoder.encode(context, encoder.embed(batch), batch));
  }
}
