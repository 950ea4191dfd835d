package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.op.Dropout;
import dev.bulwark.nn.LayerHook;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.CandidateRule;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.robust.perturb.LayerNoise;
import dev.bulwark.robust.perturb.Saliency;
import dev.bulwark.robust.perturb.TokenMask;
import dev.bulwark.tensor.Tensor;
import java.util.List;

/**
 * RSMI (Moon et al., "Randomized smoothing with masked inference for adversarially robust text
 * classifications", ACL 2023): Gaussian noise between the layers and the most salient tokens
 * masked, in training as in prediction; training also adds the gradient to the word vectors.
 *
 * <p>The gradient is that of the mean over the batch, so that it shrinks with the batch size, as in
 * the authors' code. How a trained model predicts is {@link
 * dev.bulwark.robust.predict.TwoStepVote}.
 *
 * @param noise between the layers
 * @param mask hides tokens
 * @param masks M, tokens masked in a row; the candidate rule leaves 5 at most
 * @param maskedShare share of a batch's rows that are masked, in [0, 1]
 * @param gradientWeight of the gradient added to the word vectors; 0 adds none
 * @param extraDropout whether the last hidden state is thinned once more
 */
public record Rsmi(
    LayerNoise noise,
    TokenMask mask,
    int masks,
    double maskedShare,
    double gradientWeight,
    boolean extraDropout)
    implements Objective {
  static final Method METHOD =
      new Method(
          "rsmi",
          "Noise between layers and salient tokens masked; predicts by the vote of noisy passes.",
          "Moon et al., ACL 2023",
          RsmiOptions.ALL,
          RsmiOptions::recipe);

  @Override
  public Result gradients(Step step) {
    Prepared p = prepare(step);
    Pass.Outcome pass = p.step().pass(p.delta(), 0, 1, 0);
    return new Result(pass.gradients(), pass.loss(), pass.readings());
  }

  /**
   * Where the loss is taken.
   *
   * @param step the masked batch with new noise
   * @param delta added to its word vectors: the weighted gradient of the unmasked batch
   */
  public record Prepared(Step step, Tensor delta) {}

  /**
   * Finds salient tokens with the true labels, without dropout, and masks them.
   *
   * @param step the batch as it is; noise is drawn as "saliency.layer.0" and "train.layer.0", ...
   * @return the step to take the loss of
   */
  public Prepared prepare(Step step) {
    Batch batch = step.batch();
    LayerHook before = noise.hook(step.draws(), "saliency");
    Saliency saliency =
        Saliency.ofLabels(step.model(), batch, step.context().evaluating().withHook(before));
    int[][] positions = saliency.candidates(batch.tokens(), CandidateRule.RSMI);
    boolean[] chosen = chosenRows(positions.length, step.draws());
    for (int r = 0; r < positions.length; r++) {
      positions[r] = CandidateRule.first(positions[r], chosen[r] ? masks : 0);
    }
    Batch masked = new Batch(mask.on(batch.tokens(), positions), batch.focus(), batch.labels());
    Step noisy =
        new Step(
            step.model(),
            masked,
            step.context().withHook(trainingHook(step)),
            step.draws(),
            step.terms());
    return new Prepared(noisy, saliency.meanGradient().times(gradientWeight));
  }

  /** Which rows are masked: all, or as many as the share gives, rounded down. */
  private boolean[] chosenRows(int rows, Draws draws) {
    boolean[] chosen = new boolean[rows];
    int count = (int) (maskedShare * rows);
    int[] order = count < rows ? draws.permutation("masked rows", rows) : new int[0];
    for (int i = 0; i < rows; i++) {
      chosen[order.length == 0 ? i : order[i]] = i < count;
    }
    return chosen;
  }

  /** Noise; after the last layer also the dropout that the release has before its pooler. */
  private LayerHook trainingHook(Step step) {
    LayerHook noisy = noise.hook(step.draws(), "train");
    if (!extraDropout) {
      return noisy;
    }
    String last = "layer." + (step.model().config().layers() - 1);
    double rate = step.context().dropout(step.model().config().hiddenDropout());
    return (layer, hidden) ->
        layer.equals(last)
            ? Dropout.dropout(noisy.after(layer, hidden), rate, step.rng("extra dropout"))
            : noisy.after(layer, hidden);
  }

  @Override
  public boolean takesTerms() {
    return true;
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(METHOD);
    }
  }
}
