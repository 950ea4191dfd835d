package dev.bulwark.robust.method;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.information.AnchoredInfoNce;
import dev.bulwark.robust.objective.information.Features;
import dev.bulwark.robust.objective.information.GaussianClub;
import dev.bulwark.robust.objective.information.GaussianUpperBound;
import dev.bulwark.robust.objective.information.InfoNce;
import dev.bulwark.robust.objective.information.UpperBound;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** InfoBERT's terms for one model, with the critics they need. */
final class InfoBertTuning implements Tuning {
  private final Objective objective;
  private final Settings settings;
  private final int hidden;
  private final List<PassTerm> terms = new ArrayList<>();
  private final List<Module> modules = new ArrayList<>();
  private Map<String, Tensor> state = Map.of();

  InfoBertTuning(Objective objective, Settings settings, Setup setup) {
    this.objective = objective;
    this.settings = settings;
    this.hidden = setup.classifier().model().encoder().hiddenSize();
    DType dtype =
        setup.classifier().model().parameters().values().iterator().next().value().dtype();
    Source source = Source.random(dtype, setup.rng()).under("infobert");
    int version = settings.whole("version");
    if (settings.number("beta") > 0) {
      switch (version) {
        case 0 -> {
          int longest = setup.maxLength();
          gaussian(
              source,
              longest * hidden,
              p -> Features.wholeSentences(p, longest),
              Features::sentences);
        }
        case 1 -> gaussian(source, hidden, p -> p.encoded().tokens(0), p -> p.encoded().tokens(-1));
        case 2, 5 -> distances(Features::sentences);
        case 3, 6 -> distances(Features::tokens);
        default -> {}
      }
    }
    if (version >= 4 && settings.number("alpha") > 0) {
      anchored(source);
    }
  }

  private void distances(Function<Pass, Variable> features) {
    terms.add(new UpperBound(settings.number("beta"), features, false));
  }

  private void gaussian(
      Source source, int width, Function<Pass, Variable> x, Function<Pass, Variable> y) {
    GaussianClub club =
        new GaussianClub(source.under("club"), width, hidden, settings.number("club-lr"));
    boolean leak = settings.text("club-features").equals("released");
    terms.add(new GaussianUpperBound(settings.number("beta"), club, x, y, leak));
    state = club.state();
  }

  private void anchored(Source source) {
    InfoNce critic = new InfoNce(source.under("critic"), hidden, hidden);
    Rng fixed = Rng.seed(settings.whole("pair-seed")).split("pair order");
    AnchoredInfoNce.Order order =
        settings.text("pair-order").equals("released")
            ? (pass, n) -> fixed.permutation(n)
            : (pass, n) -> pass.step().draws().permutation("pair_order." + pass.number(), n);
    terms.add(
        new AnchoredInfoNce(
            critic,
            settings.number("alpha"),
            settings.number("cl"),
            settings.number("ch"),
            settings.whole("chunk"),
            order));
    modules.add(critic);
  }

  @Override
  public Optional<Objective> objective() {
    return Optional.of(objective);
  }

  @Override
  public List<PassTerm> passTerms() {
    return terms;
  }

  @Override
  public List<Module> modules() {
    return modules;
  }

  @Override
  public Map<String, Tensor> state() {
    return state;
  }

  @Override
  public AdamWOptimizer.Settings optimizer(AdamWOptimizer.Settings usual) {
    return settings.text("adamw").equals("torch")
        ? usual
        : new AdamWOptimizer.Settings(
            usual.learningRate(),
            usual.beta1(),
            usual.beta2(),
            usual.epsilon(),
            usual.weightDecay(),
            AdamWOptimizer.Form.TRANSFORMERS);
  }
}
