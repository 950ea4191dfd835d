package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.nn.Padding;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * InfoBERT (Wang et al., "InfoBERT: Improving robustness of language models from an information
 * theoretic perspective", ICLR 2021): FreeLB whose passes share their dropout, with a term that
 * makes an upper bound of the information in single tokens small (weight beta) and one that makes a
 * lower bound of the information that anchored tokens share with their sentence large (weight
 * alpha).
 *
 * <p>As in the released code, both bounds are averaged over the passes. A step is one batch here,
 * so that it does not matter that the released code leaves them undivided where it accumulates
 * batches.
 *
 * @param loop the adversarial loop
 * @param computePadding whether padding is computed and counts as tokens, as in the released code
 */
public record InfoBert(FreeLb loop, boolean computePadding) implements Objective {
  static final Method METHOD =
      new Method(
          "infobert",
          "FreeLB with bounds of the information in tokens and in anchored tokens.",
          "Wang et al., ICLR 2021",
          Stream.of(BallOptions.of(3, 0.08, 0.04, 0), information(), divergences())
              .flatMap(List::stream)
              .toList(),
          InfoBert::recipe);

  private static List<Option> information() {
    String versions =
        "which bounds: -1 none; upper only: 0 Gaussian, whole sentences; 1 Gaussian, tokens;"
            + " 2 distances of sentence features; 3 distances of tokens; lower only: 4;"
            + " both: 5 as 2, 6 as 3 (the published method)";
    return List.of(
        Option.choice("version", "6", versions, "-1", "0", "1", "2", "3", "4", "5", "6"),
        Option.number("beta", 5e-3, "weight of the upper bound, 0 leaves it out"),
        Option.number("alpha", 5e-3, "weight of the lower bound, 0 leaves it out"),
        Option.number("cl", 0.5, "share of tokens with the smallest gradients not anchored"),
        Option.number("ch", 0.9, "share up to which tokens are anchored, above cl"),
        Option.whole("chunk", 0, "pairs contrasted with each other, 0 for the batch size"));
  }

  private static List<Option> divergences() {
    return List.of(
        Option.choice(
            "pair-order",
            "released",
            "released: pairs are shuffled the same way every time; fresh: anew in each pass",
            "released",
            "fresh"),
        Option.whole("pair-seed", 42, "seed of the released pair order"),
        Option.choice(
            "club-features",
            "detached",
            "versions 0 and 1; released: the estimator's own loss also reaches the model",
            "detached",
            "released"),
        Option.choice(
            "club-padding",
            "released",
            "versions 0 and 1; released: the batch's padding counts as tokens; left-out: not",
            "released",
            "left-out"),
        Option.number("club-lr", 1e-3, "Adam's rate of the Gaussian estimator"),
        Option.choice(
            "adamw",
            "released",
            "released: AdamW as in transformers of the time; torch: as in PyTorch",
            "released",
            "torch"));
  }

  private static Recipe recipe(Settings s) {
    double low = s.share("cl");
    double high = s.share("ch");
    if (low >= high) {
      throw new IllegalArgumentException(
          "cl=%s must be below ch=%s, or no token is anchored".formatted(low, high));
    }
    s.magnitude("alpha");
    s.magnitude("beta");
    s.magnitude("club-lr");
    s.atLeast(0, "chunk");
    FreeLb loop = new FreeLb(s.whole("adv-steps"), BallOptions.ball(s), true);
    boolean gaussian = s.whole("version") == 0 || s.whole("version") == 1;
    InfoBert objective = new InfoBert(loop, gaussian && s.text("club-padding").equals("released"));
    return Recipe.tuned(setup -> new InfoBertTuning(objective, s, setup));
  }

  @Override
  public Result gradients(Step step) {
    Step padded = computePadding ? step.with(Padding.masked(-10000)) : step;
    double[] task = {0};
    Result r =
        loop.gradients(
            padded,
            loop.start(padded),
            (delta, pass) -> task[0] += pass.crossEntropy() / loop.steps());
    Map<String, Double> readings = new TreeMap<>(r.readings());
    readings.put("task_loss", task[0]);
    return new Result(r.gradients(), r.loss(), readings);
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
