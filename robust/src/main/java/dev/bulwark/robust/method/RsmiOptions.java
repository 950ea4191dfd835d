package dev.bulwark.robust.method;

import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.perturb.LayerNoise;
import dev.bulwark.robust.perturb.TokenMask;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.NoisyModel;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.SmoothedPredictor;
import dev.bulwark.robust.predict.TwoStepVote;
import dev.bulwark.robust.predict.Vote;
import java.util.List;
import java.util.Optional;

/** RSMI's options, named as in its code, and what they make. */
final class RsmiOptions {
  static final List<Option> ALL =
      List.of(
          Option.number("noise-eps", 0.2, "standard deviation of the noise (README: 0.2)"),
          Option.whole("nth-layers", 3, "noise after layers 0, n, 2n, ...; -1 for all"),
          Option.flag("single-layer", false, "no noise at all, as the release's option"),
          Option.whole("multi-mask", 2, "tokens masked in a row; above 5 acts like 5"),
          Option.number("mask-batch-ratio", 1, "share of a batch's rows that are masked, 0 to 1"),
          Option.flag(
              "add-gradient", true, "adds the gradient to word vectors (release: custom_forward)"),
          Option.number("w-gn", 1, "weight of that gradient"),
          Option.flag(
              "extra-dropout", true, "the release's second dropout, before the pooler (BERT)"),
          Option.whole(
              "num-ensemble",
              1,
              "noisy passes of a prediction (release: 1; its attack example: 5)"),
          Option.whole("binom-ensemble", 50, "passes that replace them where they do not agree"),
          Option.number(
              "alpha-p",
              0.7,
              "consensus that needs no further passes, 0 to 1 (release: 0.7; its attack example:"
                  + " 0.98, with which 5 passes must be unanimous)"),
          Option.choice("vote-type", "avg", "mean of the logits, or majority", "avg", "max"),
          Option.whole("seed", 0, "of a prediction's noise, which also depends on the text"));

  private RsmiOptions() {}

  static Recipe recipe(Settings s) {
    double sigma = s.magnitude("noise-eps");
    LayerNoise noise = new LayerNoise(s.flag("single-layer") ? 0 : sigma, s.whole("nth-layers"));
    int masks = s.atLeast(0, "multi-mask");
    double share = s.share("mask-batch-ratio");
    double weight = s.flag("add-gradient") ? s.number("w-gn") : 0;
    boolean extra = s.flag("extra-dropout");
    return Recipe.tuned(
            setup -> {
              TokenMask mask = mask(setup.classifier());
              return tuning(new Rsmi(noise, mask, masks, share, weight, extra));
            })
        .with(
            new Serving(
                noise,
                masks,
                s.atLeast(1, "num-ensemble"),
                s.atLeast(1, "binom-ensemble"),
                new Vote(s.share("alpha-p"), kind(s.text("vote-type"))),
                s.whole("seed")));
  }

  private static Vote.Kind kind(String type) {
    return type.equals("avg") ? Vote.Kind.AVG : Vote.Kind.MAX;
  }

  private static Tuning tuning(Objective objective) {
    return new Tuning() {
      @Override
      public Optional<Objective> objective() {
        return Optional.of(objective);
      }
    };
  }

  /** The tokenizer's mask token, which the model must know. */
  private static TokenMask mask(Classifier c) {
    int id = c.tokenizer().maskId();
    int known = c.model().config().vocabSize();
    if (id < 0 || id >= known) {
      throw new IllegalArgumentException(
          "rsmi masks tokens, but the tokenizer's mask token (id %d) is none of the model's %d"
                  .formatted(id, known)
              + " tokens; take a model that was pre-trained with a mask token");
    }
    return new TokenMask(id);
  }

  /** How a trained model predicts. */
  private record Serving(LayerNoise noise, int masks, int first, int second, Vote vote, long seed)
      implements Recipe.Serving {
    @Override
    public Predictor predictor(Classifier classifier, int maxLength) {
      return predictor(classifier, maxLength, first, vote);
    }

    /** One noisy pass over the masked text. */
    @Override
    public Predictor forDevelopment(Classifier classifier, int maxLength) {
      return predictor(classifier, maxLength, 1, new Vote(0, Vote.Kind.AVG));
    }

    private Predictor predictor(Classifier c, int maxLength, int passes, Vote counted) {
      InputEncoder inputs = c.inputs(maxLength);
      NoisyModel model = new NoisyModel(c.model(), inputs.padId(), noise);
      return new SmoothedPredictor(
          inputs, new TwoStepVote(model, mask(c), masks, passes, second, counted), seed);
    }
  }
}
