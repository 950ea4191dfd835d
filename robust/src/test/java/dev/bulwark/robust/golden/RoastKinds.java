package dev.bulwark.robust.golden;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Padding;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.optim.Schedule;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.method.R3f;
import dev.bulwark.robust.method.RoastPerturbation;
import dev.bulwark.robust.method.Smart;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Golden cases of RoAST's losses and of the regularisers and perturbations beside it. */
final class RoastKinds {
  private static final Map<String, Ball.Norm> NORMS =
      Map.of("l2_sentence", Ball.Norm.L2, "l2_token", Ball.Norm.L2_TOKEN, "linf", Ball.Norm.SIGN);

  private RoastKinds() {}

  static Map<String, GoldenKind> all() {
    Map<String, GoldenKind> all = new HashMap<>(SelectiveKinds.all());
    all.put("sym_kl", RoastKinds::symmetricKl);
    all.put("fgm", RoastKinds::fgm);
    all.put("pgd", RoastKinds::pgd);
    all.put("smart", RoastKinds::smart);
    all.put("r3f", RoastKinds::r3f);
    all.put("roast.loss", RoastKinds::loss);
    all.put("roast.lr_schedule", RoastKinds::schedule);
    return all;
  }

  private static void symmetricKl(GoldenCase c, GoldenResults to) {
    Variable a = Variable.leaf("a", c.tensor("a"));
    Variable b = Variable.leaf("b", c.tensor("b"));
    int rows = a.dim(0);
    double[] ab = new double[rows];
    double[] ba = new double[rows];
    double[] both = new double[rows];
    for (int i = 0; i < rows; i++) {
      Variable p = a.slice(0, i, i + 1);
      Variable q = b.slice(0, i, i + 1);
      ab[i] = Losses.klDivergence(p, q).item();
      ba[i] = Losses.klDivergence(q, p).item();
      both[i] = Losses.symmetricKl(p, q).item();
    }
    Variable mean = Losses.symmetricKl(a, b);
    Variable sum = mean.times(rows);
    to.put("kl_a_b", ab);
    to.put("kl_b_a", ba);
    to.put("sym", both);
    to.put("batchmean", mean.item());
    to.put("sum", sum.item());
    Gradients g = sum.backward();
    to.put("grad_a", g.get(a));
    to.put("grad_b", g.get(b));
  }

  private static Step step(
      GoldenCase c, SequenceClassifier model, RecordedDraws draws, List<PassTerm> terms) {
    Batch batch = new Batch(c.tokens("input_ids", "attention_mask"), c.ints("labels"));
    Context context = Context.inference().withPadding(Padding.masked(Double.NEGATIVE_INFINITY));
    return new Step(model, batch, context, draws, terms);
  }

  private static SequenceClassifier model(GoldenCase c) {
    return c.classifier(c.json().get("model").stringValue());
  }

  private static void fgm(GoldenCase c, GoldenResults to) {
    SequenceClassifier model = model(c);
    Step step = step(c, model, new RecordedDraws(), List.of());
    Pass.Outcome clean = step.pass(step.zeros(), 0, 1, 0);
    to.put("loss_clean", clean.crossEntropy());
    to.put("word_grad", clean.wordGradient());
    Map<String, Parameter> parameters = model.parameters();
    NORMS.forEach((name, norm) -> {
      Ball ball = new Ball(norm, 0, c.number("epsilon"), 0);
      Tensor delta = ball.ascend(step.zeros(), clean.wordGradient());
      Pass.Outcome there = step.pass(delta, 0, 1, 0);
      if (norm == Ball.Norm.SIGN) {
        putSigned(c, to, "delta." + name, delta, clean.wordGradient());
      } else {
        to.put("delta." + name, delta);
      }
      to.put("loss." + name, there.loss());
      to.put(
          "grad_words." + name, gradient(there, parameters, "embeddings.word_embeddings.weight"));
      to.put("grad_classifier." + name, gradient(there, parameters, "classifier.weight"));
    });
  }

  private static Tensor gradient(Pass.Outcome pass, Map<String, Parameter> all, String end) {
    Parameter p =
        all.values().stream().filter(q -> q.name().endsWith(end)).findFirst().orElseThrow();
    return pass.gradients().get(p.leaf());
  }

  /** In float32 the sign of an entry below 1e-6 of the largest gradient may flip: left out. */
  private static void putSigned(
      GoldenCase c, GoldenResults to, String name, Tensor delta, Tensor gradient) {
    double[] g = gradient.toDoubles();
    double largest = 0;
    for (double x : g) {
      largest = Math.max(largest, Math.abs(x));
    }
    double floor = c.dtype() == DType.F32 ? 1e-6 * largest : 0;
    to.put(name, delta.toDoubles(), Rules.where(c, i -> Math.abs(g[i]) >= floor));
  }

  private static void pgd(GoldenCase c, GoldenResults to) {
    Step step = step(c, model(c), new RecordedDraws(), List.of());
    Ball.Norm norm = Objects.requireNonNull(NORMS.get(c.text("norm")), c.text("norm"));
    Ball ball = new Ball(norm, 0, c.number("step_size"), c.number("epsilon"));
    Tensor delta = c.tensor("delta.0");
    for (int k = 0; k < c.whole("steps"); k++) {
      Pass.Outcome pass = step.pass(delta, k, 1, 0);
      to.put("loss." + k, pass.crossEntropy());
      delta = ball.ascend(delta, pass.wordGradient());
      if (norm == Ball.Norm.SIGN && c.dtype() == DType.F32) {
        to.put("delta." + (k + 1), delta.toDoubles(), Rules.share(c, 0.001));
      } else {
        to.put("delta." + (k + 1), delta);
      }
    }
    to.put("loss_final", step.pass(delta, 0, 1, 0).crossEntropy());
  }

  private static void smart(GoldenCase c, GoldenResults to) {
    Smart smart =
        new Smart(
            c.whole("steps"),
            c.number("adv_alpha"),
            c.number("noise_var"),
            c.number("step_size"),
            c.number("norm_epsilon"));
    SequenceClassifier model = model(c);
    RecordedDraws draws = new RecordedDraws().put("smart.normal.0", tokens(c.tensor("normal")));
    Step step = step(c, model, draws, List.of(smart));
    Pass pass = new Pass(step, 0, 1, step.clean(), step.cleanLogits());
    boolean single = c.dtype() == DType.F32;
    Variable perturbed =
        smart.perturbed(
            pass,
            (k, gradient, noise) -> {
              // As the notes ask: in float32 the inner gradient has hardly a digit left.
              if (single) {
                to.put("inner_grad." + k, gradient.toDoubles(), (e, a) -> {});
                to.put("noise." + k, noise.toDoubles(), Rules.within(1e-3));
              } else {
                to.put("inner_grad." + k, gradient);
                to.put("noise." + k, noise);
              }
            });
    to.put("logits", pass.logits().value());
    to.put("logits_adv", perturbed.value());
    to.put("ce", step.crossEntropy(pass.logits()).item());
    to.put("regulariser", Smart.regulariser(pass.logits(), perturbed).item());
    putLossAndGradients(Methods.plain(), step, model, to);
  }

  private static void r3f(GoldenCase c, GoldenResults to) {
    boolean normal = c.text("noise").equals("normal");
    double eps = c.number("eps");
    R3f r3f = new R3f(c.number("r3f_lambda"), eps, normal);
    Tensor noise = c.tensor("noise");
    SequenceClassifier model = model(c);
    Step step =
        step(
            c,
            model,
            new RecordedDraws().put("r3f.noise.0", normal ? noise.times(1 / eps) : noise),
            List.of(r3f));
    Pass pass = new Pass(step, 0, 1, step.clean(), step.cleanLogits());
    Variable noised = r3f.noised(pass);
    to.put("logits", pass.logits().value());
    to.put("logits_noised", noised.value());
    to.put("ce", step.crossEntropy(pass.logits()).item());
    to.put("sym_kl_batchmean", Losses.symmetricKl(noised, pass.logits()).item());
    putLossAndGradients(Methods.plain(), step, model, to);
  }

  private static void loss(GoldenCase c, GoldenResults to) {
    RoastPerturbation roast =
        new RoastPerturbation(
            c.number("adv_eps"),
            c.number("coeff_sym"),
            c.number("init_scale"),
            c.number("norm_epsilon"),
            c.param("includes_cross_entropy_on_perturbed_input").booleanValue(),
            false);
    SequenceClassifier model = model(c);
    RecordedDraws draws = new RecordedDraws().put("uniform", tokens(c.tensor("uniform")));
    Step step = step(c, model, draws, List.of());
    RoastPerturbation.Climb climb = roast.climb(step);
    Variable clean = step.cleanLogits();
    Variable perturbed = RoastPerturbation.logits(step, Variable.constant(climb.adversarial()), 2);
    to.put("embedding_output", climb.embedded());
    to.put("first_adv_loss", climb.loss());
    to.put("delta_grad", climb.gradient());
    to.put("direction", climb.direction());
    to.put("adv_embeddings", climb.adversarial());
    to.put("logits_clean", clean.value());
    to.put("logits_adv", perturbed.value());
    to.put("ce_clean", step.crossEntropy(clean).item());
    to.put("ce_adv", step.crossEntropy(perturbed).item());
    to.put("sym_kl_sum", Losses.symmetricKl(clean, perturbed).item() * clean.dim(0));
    putLossAndGradients(roast, step, model, to);
  }

  /** [B, L, H] as the encoder sees it, [B * L, H]. */
  private static Tensor tokens(Tensor t) {
    return t.reshape(t.dim(0) * t.dim(1), t.dim(2));
  }

  private static void putLossAndGradients(
      Objective objective, Step step, SequenceClassifier model, GoldenResults to) {
    Objective.Result result = objective.gradients(step);
    to.put("loss", result.loss());
    to.put("grad.", result.gradients(), model.parameters().values());
  }

  private static void schedule(GoldenCase c, GoldenResults to) {
    double rate = c.number("lr");
    Schedule schedule =
        new Schedule(
            Schedule.Decay.LINEAR,
            c.whole("warmup_steps"),
            c.whole("total_steps"),
            c.number("lr_end") / rate,
            c.number("power"));
    double[] rates = new double[Rules.expected(c, "lr").length];
    for (int s = 0; s < rates.length; s++) {
      rates[s] = rate * schedule.factor(s);
    }
    to.put("lr", rates);
  }
}
