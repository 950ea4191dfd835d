package dev.bulwark.robust.objective;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.tensor.Rng;
import org.jspecify.annotations.Nullable;

/** One training step: a batch, a model, and the clean pass that terms share. */
public final class Step {
  private final SequenceClassifier model;
  private final Batch batch;
  private final Context context;
  private @Nullable Encoded clean;
  private @Nullable Variable cleanLogits;

  /**
   * A step.
   *
   * @param model the model in training
   * @param batch its input
   * @param context training context with this step's stream
   */
  public Step(SequenceClassifier model, Batch batch, Context context) {
    this.model = model;
    this.batch = batch;
    this.context = context;
  }

  /** The model in training. */
  public SequenceClassifier model() {
    return model;
  }

  /** Its input. */
  public Batch batch() {
    return batch;
  }

  /** Training context with this step's stream. */
  public Context context() {
    return context;
  }

  /**
   * A random stream of this step.
   *
   * @param name what it is for
   * @return the stream
   */
  public Rng rng(String name) {
    return context.rng().split(name);
  }

  /** Hidden states of the unperturbed batch, computed once. */
  public Encoded clean() {
    if (clean == null) {
      clean = encode(model.encoder().embed(batch.tokens()), context);
    }
    return clean;
  }

  /** Logits of the unperturbed batch [B, C], computed once. */
  public Variable cleanLogits() {
    if (cleanLogits == null) {
      cleanLogits = model.logits(context, clean());
    }
    return cleanLogits;
  }

  /**
   * Logits of perturbed word vectors.
   *
   * @param embeddings [B, S, H]
   * @param pass number of the pass, which gives it dropout of its own
   * @return [B, C]
   */
  public Variable logits(Variable embeddings, int pass) {
    Context c = context.named("pass." + pass);
    return model.logits(c, encode(embeddings, c));
  }

  /**
   * Mean cross-entropy against the batch's labels.
   *
   * @param logits [B, C]
   * @return a scalar in nats
   */
  public Variable crossEntropy(Variable logits) {
    return Losses.crossEntropy(logits, batch.labelTensor());
  }

  private Encoded encode(Variable embeddings, Context c) {
    return model.encoder().encode(c, embeddings, batch.tokens());
  }
}
