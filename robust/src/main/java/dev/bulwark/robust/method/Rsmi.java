package dev.bulwark.robust.method;

import dev.bulwark.nn.Context;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.CandidateRule;
import dev.bulwark.robust.perturb.LayerNoise;
import dev.bulwark.robust.perturb.Saliency;
import dev.bulwark.robust.perturb.TokenMask;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.NoisyModel;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.SmoothedPredictor;
import dev.bulwark.robust.predict.TwoStepVote;
import dev.bulwark.robust.predict.Vote;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * RSMI (Moon et al., "Randomized smoothing with masked inference for adversarially robust text
 * classifications", ACL 2023): Gaussian noise between the layers and the most salient tokens
 * masked, in training and in prediction; training also adds the gradient to the word vectors.
 *
 * @param noise between the layers
 * @param mask hides tokens
 * @param masks M, tokens masked in a row
 * @param gradientWeight of the gradient added to the word vectors; 0 adds none
 */
public record Rsmi(LayerNoise noise, TokenMask mask, int masks, double gradientWeight)
    implements Objective {
  static final Method METHOD =
      new Method(
          "rsmi",
          "Noise between layers and salient tokens masked; predicts by the vote of noisy passes.",
          "Moon et al., ACL 2023",
          List.of(
              Option.number("noise-eps", 0.2, "standard deviation of the noise (README: 0.2)"),
              Option.whole("nth-layers", 3, "noise after layers 0, n, 2n, ...; -1 for all"),
              Option.flag("single-layer", false, "no noise at all, as the release's option"),
              Option.whole("multi-mask", 2, "tokens masked in a row, 0 to 5; 5 is the most"),
              Option.flag(
                  "add-gradient",
                  true,
                  "adds the gradient to the word vectors (the release's custom_forward)"),
              Option.number("w-gn", 1, "weight of that gradient"),
              Option.whole(
                  "num-ensemble",
                  1,
                  "noisy passes of a prediction (released default 1; README's attack: 5)"),
              Option.whole("binom-ensemble", 50, "passes where those do not agree"),
              Option.number(
                  "alpha-p",
                  0.7,
                  "consensus that needs no further passes, 0 to 1 (released default 0.7;"
                      + " README's attack: 0.98, which with 5 passes demands all 5)"),
              Option.choice("vote-type", "avg", "mean of logits, or majority", "avg", "max"),
              Option.whole("seed", 0, "of the noise in predictions; a text's is its own")),
          Rsmi::recipe);

  private static Recipe recipe(Settings s) {
    LayerNoise noise =
        new LayerNoise(
            s.flag("single-layer") ? 0 * s.magnitude("noise-eps") : s.magnitude("noise-eps"),
            s.whole("nth-layers"));
    int masks = s.atLeast(0, "multi-mask");
    double weight = s.flag("add-gradient") ? s.number("w-gn") : 0;
    Vote vote =
        new Vote(
            s.share("alpha-p"), s.text("vote-type").equals("avg") ? Vote.Kind.AVG : Vote.Kind.MAX);
    Serving serving =
        new Serving(
            noise,
            masks,
            s.atLeast(1, "num-ensemble"),
            s.atLeast(1, "binom-ensemble"),
            vote,
            s.whole("seed"));
    return Recipe.tuned(
            setup -> {
              Objective objective = new Rsmi(noise, mask(setup.classifier()), masks, weight);
              return new Tuning() {
                @Override
                public Optional<Objective> objective() {
                  return Optional.of(objective);
                }
              };
            })
        .with(serving);
  }

  /** The tokenizer's mask token, which the model must know. */
  private static TokenMask mask(Classifier c) {
    int id = c.tokenizer().maskId();
    int known = c.model().config().vocabSize();
    if (id < 0 || id >= known) {
      throw new IllegalArgumentException(
          "rsmi masks tokens, but the tokenizer's mask token (id %d) is not among the model's %d"
                  .formatted(id, known)
              + " tokens; use a model that was pre-trained with one");
    }
    return new TokenMask(id);
  }

  private record Serving(LayerNoise noise, int masks, int first, int second, Vote vote, long seed)
      implements Recipe.Serving {
    @Override
    public Predictor predictor(Classifier classifier, int maxLength) {
      return predictor(classifier, maxLength, first, vote);
    }

    @Override
    public Predictor forDevelopment(Classifier classifier, int maxLength) {
      return predictor(classifier, maxLength, 1, new Vote(0, Vote.Kind.AVG));
    }

    private Predictor predictor(Classifier c, int maxLength, int passes, Vote counted) {
      var inputs = c.inputs(maxLength);
      NoisyModel model = new NoisyModel(c.model(), inputs.padId(), noise);
      return new SmoothedPredictor(
          inputs, new TwoStepVote(model, mask(c), masks, passes, second, counted), seed);
    }
  }

  @Override
  public Result gradients(Step step) {
    Prepared p = prepare(step);
    Pass.Outcome pass = p.step().pass(p.delta(), 0, 1, 0);
    return new Result(pass.gradients(), pass.loss(), pass.readings());
  }

  /**
   * What the loss is taken at.
   *
   * @param step the masked batch with new noise
   * @param delta added to its word vectors: the weighted gradient of the unmasked batch
   */
  public record Prepared(Step step, Tensor delta) {}

  /**
   * Looks for salient tokens with the true labels, without dropout, and masks them.
   *
   * @param step the batch as it is; noise is drawn as "saliency.layer.0" and "train.layer.0", ...
   * @return the masked step
   */
  public Prepared prepare(Step step) {
    Batch batch = step.batch();
    Context clean =
        new Context(false, step.rng("saliency"), step.context().padding(), step.context().hook());
    Saliency saliency =
        Saliency.ofLabels(
            step.model(), batch, clean.withHook(noise.hook(step.draws(), "saliency")));
    int[][] positions =
        Arrays.stream(saliency.candidates(batch.tokens(), CandidateRule.RSMI))
            .map(c -> CandidateRule.first(c, masks))
            .toArray(int[][]::new);
    Batch masked = new Batch(mask.on(batch.tokens(), positions), batch.focus(), batch.labels());
    Step noisy =
        new Step(
            step.model(),
            masked,
            step.context().withHook(noise.hook(step.draws(), "train")),
            step.draws(),
            step.terms());
    return new Prepared(noisy, saliency.meanGradient().times(gradientWeight));
  }

  @Override
  public boolean takesTerms() {
    return true;
  }
}
