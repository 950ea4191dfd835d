package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Weights;
import dev.bulwark.nn.encoder.Bert;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.Encoder;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.layer.Linear;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** An encoder with a classifier on its pooled output (BertForSequenceClassification). */
public final class SequenceClassifier extends ClassifierModel {
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

  /**
   * A copy that is not trained: a teacher.
   *
   * @return the same weights in memory of their own, all frozen
   */
  public SequenceClassifier frozenCopy() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    parameters().forEach((name, p) -> weights.put(name, p.value().copy()));
    DType dtype = weights.values().iterator().next().dtype();
    Source source = Source.of(Weights.of("a frozen copy", weights), dtype, Rng.seed(0));
    SequenceClassifier copy = new SequenceClassifier(source, config(), classes, dropout);
    copy.parameters().values().forEach(p -> p.setTrainable(false));
    return copy;
  }

  @Override
  public Encoder encoder() {
    return encoder;
  }

  @Override
  public BertConfig config() {
    return encoder.config();
  }

  @Override
  public int classes() {
    return classes;
  }

  /**
   * The feature that the classifier reads: tanh of a dense layer on one token's last state.
   *
   * @param encoded what the encoder made
   * @param focus position of that token in each row
   * @return [B, H]
   */
  public Variable pooled(Encoded encoded, int[] focus) {
    return pooler.forward(encoded.at(focus));
  }

  /**
   * Logits of pooled features.
   *
   * @param context training or inference
   * @param pooled [B, H]
   * @return [B, C]
   */
  public Variable classify(Context context, Variable pooled) {
    return classifier.forward(
        context.drop("pooled", pooled, dropout, context.rng().split("classifier")));
  }

  @Override
  public Variable logits(Context context, Encoded encoded, int[] focus) {
    return classify(context, pooled(encoded, focus));
  }

  /**
   * Logits of a batch.
   *
   * @param context training or inference
   * @param batch the tokens
   * @return [B, C]
   */
  public Variable logits(Context context, TokenBatch batch) {
    Encoded encoded = encoder.encode(context, encoder.embed(batch), batch);
    return logits(context, encoded);
  }
}
