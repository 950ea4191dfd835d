package dev.bulwark.robust.perturb;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.Arrays;

/**
 * How much each token matters to the loss: the length of the gradient for its word vector, before
 * positions and segments are added (RSMI, Moon et al., ACL 2023). No parameter gradient is
 * computed.
 *
 * @param gradient of the summed cross-entropy, [R, S, H]: a row's part does not depend on the
 *     others
 * @param logits of the pass [B, C]
 * @param targets the class of each cross-entropy
 * @param loss mean cross-entropy in nats
 */
public record Saliency(Tensor gradient, Tensor logits, int[] targets, double loss) {
  /**
   * Saliency for the loss against the batch's labels.
   *
   * @param model the model
   * @param batch its input
   * @param context of the pass: no dropout, with noise
   * @return gradient and what came with it
   */
  public static Saliency ofLabels(ClassifierModel model, Batch batch, Context context) {
    return of(model, batch, context, true);
  }

  /**
   * Saliency for the loss against the classes that the same pass predicts.
   *
   * @param model the model
   * @param batch its input; labels are not looked at
   * @param context of the pass: no dropout, with noise
   * @return gradient and what came with it
   */
  public static Saliency ofPrediction(ClassifierModel model, Batch batch, Context context) {
    return of(model, batch, context, false);
  }

  private static Saliency of(
      ClassifierModel model, Batch batch, Context context, boolean labelled) {
    Tensor[] logits = new Tensor[1];
    int[][] targets = {batch.labels()};
    double[] sum = new double[1];
    Tensor gradient =
        Ascent.gradient(
            model.encoder().embed(batch.tokens()).value(),
            words -> {
              Encoded encoded = model.encoder().encode(context, words, batch.tokens());
              Variable out = model.logits(context, encoded, batch.focus());
              logits[0] = out.detach().value();
              if (!labelled) {
                targets[0] = Tensors.argMax(logits[0]).toInts();
              }
              Tensor classes = Tensor.of(Shape.of(targets[0].length), targets[0]);
              Variable loss = Losses.crossEntropyRows(out, classes).sum();
              sum[0] = loss.item();
              return loss;
            });
    return new Saliency(gradient, logits[0], targets[0], sum[0] / targets[0].length);
  }

  /** Gradient of the mean cross-entropy, [R, S, H]. */
  public Tensor meanGradient() {
    return gradient.times(1.0 / targets.length);
  }

  /** Saliency of each token: Euclidean length of its gradient, [R, S]. */
  public Tensor scores() {
    Tensor norms = gradient.map(Unary.SQUARE).reduce(Reduce.SUM, 2).map(Unary.SQRT);
    return norms.reshape(gradient.dim(0), gradient.dim(1));
  }

  /**
   * Positions of the most salient tokens.
   *
   * @param tokens the batch
   * @param rule which count
   * @return of each row, its candidates in falling saliency
   */
  public int[][] candidates(TokenBatch tokens, CandidateRule rule) {
    double[] norms = scores().toDoubles();
    int s = tokens.length();
    int[][] all = new int[tokens.size()][];
    for (int r = 0; r < all.length; r++) {
      int length = Arrays.stream(tokens.mask(), r * s, (r + 1) * s).sum();
      all[r] = rule.candidates(Arrays.copyOfRange(norms, r * s, r * s + length));
    }
    return all;
  }
}
