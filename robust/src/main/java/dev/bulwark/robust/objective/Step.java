package dev.bulwark.robust.objective;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Padding;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One training step: a batch, a model, and the clean pass that terms share. */
public final class Step {
  private final ClassifierModel model;
  private final Batch batch;
  private final Context context;
  private final Draws draws;
  private final List<PassTerm> terms;
  private @Nullable Encoded clean;
  private @Nullable Variable cleanLogits;

  /**
   * A step.
   *
   * @param model the model in training
   * @param batch its input
   * @param context training context with this step's stream
   */
  public Step(ClassifierModel model, Batch batch, Context context) {
    this(model, batch, context, Draws.of(context.rng().split("draws")), List.of());
  }

  /**
   * A step with all that can be said of it.
   *
   * @param model the model in training
   * @param batch its input
   * @param context training context with this step's stream
   * @param draws the random numbers of methods
   * @param terms what {@link #pass} adds to each pass
   */
  public Step(
      ClassifierModel model, Batch batch, Context context, Draws draws, List<PassTerm> terms) {
    this.model = model;
    this.batch = batch;
    this.context = context;
    this.draws = draws;
    this.terms = terms;
  }

  /**
   * The same step with another batch, context and draws kept.
   *
   * @param other the batch
   * @return a step whose clean pass is not computed yet
   */
  public Step with(Batch other) {
    return new Step(model, other, context, draws, terms);
  }

  /**
   * The same step with padding treated otherwise.
   *
   * @param padding the treatment
   * @return a step whose clean pass is not computed yet
   */
  public Step with(Padding padding) {
    return new Step(model, batch, context.withPadding(padding), draws, terms);
  }

  /** The model in training. */
  public ClassifierModel model() {
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

  /** The random numbers of methods. */
  public Draws draws() {
    return draws;
  }

  /** What is added to each {@link #pass}. */
  public List<PassTerm> terms() {
    return terms;
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
      clean = encode(words(), context);
    }
    return clean;
  }

  /** Logits of the unperturbed batch [B, C], computed once. */
  public Variable cleanLogits() {
    if (cleanLogits == null) {
      cleanLogits = model.logits(context, clean(), batch.focus());
    }
    return cleanLogits;
  }

  /** The batch's word vectors [R, S, H], before positions and segments. */
  public Variable words() {
    return model.encoder().embed(batch.tokens());
  }

  /** A perturbation of the word vectors that changes nothing, [R, S, H]. */
  public Tensor zeros() {
    Tensor table = words().value();
    return Tensor.zeros(
        Shape.of(batch.tokens().size(), batch.tokens().length(), table.dim(-1)), table.dtype());
  }

  /**
   * The context of a pass beside the clean one, which gives it dropout of its own.
   *
   * @param number of the pass
   * @return the context
   */
  public Context context(int number) {
    return context.named("pass." + number);
  }

  /**
   * Logits of perturbed word vectors.
   *
   * @param words [R, S, H]
   * @param number of the pass, which gives it dropout of its own
   * @return [B, C]
   */
  public Variable logits(Variable words, int number) {
    Context c = context(number);
    return model.logits(c, encode(words, c), batch.focus());
  }

  /**
   * The clean pass, forward and backward with all {@link #terms}: the only one of its loop.
   *
   * @return its gradients
   */
  public Pass.Outcome cleanPass() {
    return Pass.run(this, zeros(), 0, 1, context);
  }

  /**
   * A pass forward and backward with all {@link #terms}.
   *
   * @param delta perturbation of the word vectors [R, S, H]
   * @param number of the pass, from 0
   * @param of how many passes the loop averages over: the loss is divided by it
   * @param dropout number that gives the pass its dropout; the same for passes that share it
   * @return its gradients
   */
  public Pass.Outcome pass(Tensor delta, int number, int of, int dropout) {
    return Pass.run(this, delta, number, of, context(dropout));
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

  Encoded encode(Variable words, Context c) {
    return model.encoder().encode(c, words, batch.tokens());
  }
}
