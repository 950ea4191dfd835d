package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.prompt.Template;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * MVP (Raman et al., "Model-tuning via prompts makes NLP models adversarially robust", EMNLP 2023):
 * fine-tunes a masked language model whose label words are scored where a template has its mask,
 * instead of a new classification head. MVP+Adv trains on word vectors that were attacked.
 *
 * <p>Without attack it has no objective of its own, so that others combine with it ({@code
 * mvp+freelb}).
 *
 * <p>Its baselines under the names they have here: "mlp_ft" is {@code standard}, "lpft_dense" is
 * {@code lp-ft}, "clsprompt" is {@code clsprompt}.
 */
final class Mvp {
  static final Method METHOD =
      new Method(
          "mvp",
          "Fine-tunes the masked language model: a class is scored by its words in a template.",
          "Raman et al., EMNLP 2023",
          List.of(
              PromptOptions.TASK,
              PromptOptions.TEMPLATES,
              PromptOptions.VERBALISER,
              PromptOptions.POOL_WORDS,
              PromptOptions.POOL_TEMPLATES,
              PromptOptions.HEAD,
              Option.choice(
                  "adversarial",
                  "none",
                  "MVP+Adv: the norm of the ball in which word vectors are attacked in training",
                  "none",
                  "l2",
                  "linf"),
              Option.number("epsilon", 1, "radius of that ball, above 0; of a whole row for l2"),
              Option.whole("adv-steps", 1, "gradient steps of the attack, 1 or more"),
              Option.number("adv-alpha", 0, "length of a step; 0 means 1.5 * epsilon / adv-steps"),
              Option.choice(
                  "start-noise",
                  "symmetric",
                  "what an l2 start is drawn from: 2u - 1, or u * (2u - 1) as the released code has"
                      + " it",
                  "symmetric",
                  "released"),
              Option.choice(
                  "attack-gradients",
                  "discard",
                  "parameter gradients of the attack's passes: discarded (paper), or added to the"
                      + " update as in the released code",
                  "discard",
                  "released")),
          Mvp::recipe);

  /** Label words at [CLS], without template. */
  static final Method CLS_PROMPT =
      new Method(
          "clsprompt",
          "Scores label words with the masked language model at [CLS], without a template.",
          "Raman et al., EMNLP 2023, the ablation without template",
          List.of(
              PromptOptions.TASK,
              PromptOptions.VERBALISER,
              PromptOptions.POOL_WORDS,
              PromptOptions.HEAD),
          s -> tuned(Optional.empty()).with(new PromptMaker(s, false)));

  private Mvp() {}

  private static Recipe recipe(Settings s) {
    if (!s.text("templates").isEmpty()) {
      Template.list(s.text("templates")); // to refuse a bad one before any data is read
    }
    return tuned(objective(s)).with(new PromptMaker(s, true));
  }

  private static Recipe tuned(Optional<Objective> objective) {
    Tuning tuning =
        new Tuning() {
          @Override
          public Optional<Objective> objective() {
            return objective;
          }
        };
    return Recipe.tuned(setup -> tuning);
  }

  private static Optional<Objective> objective(Settings s) {
    if (s.text("adversarial").equals("none")) {
      return Optional.empty();
    }
    MvpAdversary adversary =
        new MvpAdversary(
            MvpAdversary.Norm.valueOf(s.text("adversarial").toUpperCase(Locale.ROOT)),
            s.number("epsilon"),
            s.whole("adv-steps"),
            s.number("adv-alpha"),
            MvpAdversary.Noise.valueOf(s.text("start-noise").toUpperCase(Locale.ROOT)));
    return Optional.of(adversary.objective(s.text("attack-gradients").equals("released")));
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(METHOD, CLS_PROMPT);
    }
  }
}
