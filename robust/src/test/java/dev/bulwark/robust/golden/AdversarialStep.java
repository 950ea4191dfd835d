package dev.bulwark.robust.golden;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.LayerHook;
import dev.bulwark.nn.Padding;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.method.FreeLb;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Pass;
import dev.bulwark.robust.objective.PassTerm;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.objective.information.AnchoredInfoNce;
import dev.bulwark.robust.objective.information.AnchoredTokens;
import dev.bulwark.robust.objective.information.Features;
import dev.bulwark.robust.objective.information.InfoNce;
import dev.bulwark.robust.objective.information.UpperBound;
import dev.bulwark.robust.perturb.Ball;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Golden cases of a whole step of InfoBert, FreeLB or plain training.
 *
 * <p>With A micro-batches a step, the authors divide the cross-entropy by A, but neither bound. So
 * the bounds are weighed A times here, and everything that comes out is divided by A.
 */
final class AdversarialStep {
  private final GoldenCase c;
  private final SequenceClassifier model;
  private final TokenBatch tokens;
  private final Optional<InfoNce> critic;
  private final RecordedDraws draws = new RecordedDraws();
  private final int passes;
  private final double accumulated;

  private AdversarialStep(GoldenCase c) {
    this.c = c;
    model = c.classifier("model");
    tokens = c.tokens("input_ids", "attention_mask");
    passes = c.whole("adv_steps");
    accumulated = c.number("gradient_accumulation_steps");
    int hidden = model.encoder().hiddenSize();
    critic =
        c.param("infonce").booleanValue()
            ? Optional.of(InfoBertKinds.critic(c, "nce.", hidden, hidden))
            : Optional.empty();
    if (c.has("init_uniform")) {
      double range = c.text("norm_type").equals("linf") ? c.number("adv_init_mag") : 1;
      draws.put("init_uniform", c.tensor("init_uniform").times(1 / range)); // drawn in it
    }
    if (c.has("club_index")) {
      int[] all = c.ints("club_index");
      int each = all.length / passes;
      for (int k = 0; k < passes; k++) {
        draws.put("club_index." + k, Arrays.copyOfRange(all, k * each, (k + 1) * each));
      }
    }
  }

  private List<PassTerm> terms() {
    List<PassTerm> terms = new ArrayList<>();
    if (!c.param("club").isNull()) {
      boolean ofTokens = c.text("club").equals("tokens");
      terms.add(
          new UpperBound(
              accumulated * c.number("beta"),
              ofTokens ? Features::tokens : Features::sentences,
              false));
    }
    critic.ifPresent(f ->
        terms.add(
            new AnchoredInfoNce(
                f,
                accumulated * c.number("alpha"),
                c.number("cl"),
                c.number("ch"),
                c.whole("train_batch_size"),
                (pass, n) -> c.ints("perm"))));
    return terms;
  }

  static void run(GoldenCase c, GoldenResults to) {
    new AdversarialStep(c).run(to);
  }

  private void run(GoldenResults to) {
    Context context =
        Context.training(Rng.seed(0))
            .withPadding(Padding.masked(-10000))
            .withHook(new RecordedDropout(c));
    Step step = new Step(model, new Batch(tokens, c.ints("labels")), context, draws, terms());
    Ball ball =
        new Ball(
            c.text("norm_type").equals("l2") ? Ball.Norm.L2 : Ball.Norm.LINF,
            c.number("adv_init_mag"),
            c.number("adv_lr"),
            c.number("adv_max_norm"));
    FreeLb loop = new FreeLb(passes, ball, true);
    List<Tensor> deltas = new ArrayList<>();
    List<Pass.Outcome> outcomes = new ArrayList<>();
    Tensor start = c.has("init_uniform") ? loop.start(step) : c.tensor("delta0");
    Objective.Result result =
        loop.gradients(
            step,
            start,
            (delta, pass) -> {
              deltas.add(delta);
              outcomes.add(pass);
            });
    to.put("total_loss", result.loss() / accumulated);
    put(deltas, outcomes, to);
    Gradients scaled = result.gradients().scale(1 / accumulated);
    to.put("grad.", scaled, model.parameters().values());
    critic.ifPresent(f -> InfoBertKinds.critic("grad_nce.", f, scaled, to));
  }

  private void put(List<Tensor> deltas, List<Pass.Outcome> outcomes, GoldenResults to) {
    to.put("delta", join(deltas));
    List<Tensor> gradients = outcomes.stream().map(Pass.Outcome::wordGradient).toList();
    to.put("delta_grad", scaled(join(gradients)));
    double[] entropies = outcomes.stream().mapToDouble(Pass.Outcome::crossEntropy).toArray();
    to.put("ce", entropies);
    to.put("task_loss", DoubleStream.of(entropies).sum() / passes / accumulated);
    to.put("upper", scaled(readings("upper_bound", outcomes)));
    to.put("lower", scaled(readings("lower_bound", outcomes)));
    List<AnchoredTokens> anchored =
        gradients.stream()
            .map(g -> AnchoredTokens.select(g, tokens, c.number("cl"), c.number("ch")))
            .toList();
    int rows = tokens.size();
    int width = InfoBertKinds.width(anchored.getFirst(), rows);
    to.put(
        "anchored",
        anchored.stream()
            .flatMapToInt(a -> Arrays.stream(InfoBertKinds.padded(a, rows, width)))
            .toArray());
  }

  private static double[] readings(String name, List<Pass.Outcome> outcomes) {
    return outcomes.stream().mapToDouble(p -> p.readings().getOrDefault(name, 0.0)).toArray();
  }

  private double[] scaled(double[] values) {
    return DoubleStream.of(values).map(v -> v / accumulated).toArray();
  }

  private static double[] join(List<Tensor> tensors) {
    return tensors.stream().flatMapToDouble(t -> DoubleStream.of(t.toDoubles())).toArray();
  }

  /** Multiplies by the masks that the case recorded; without them, drops nothing. */
  private record RecordedDropout(GoldenCase c) implements LayerHook {
    @Override
    public Variable after(String layer, Variable hidden) {
      return hidden;
    }

    private static String name(String place) {
      return switch (place) {
        case "pooled" -> "drop.pooled";
        case "embeddings" -> "drop.bert.embeddings";
        default -> "drop.bert.encoder." + place;
      };
    }

    @Override
    public Variable dropout(String place, Variable x, double p, Rng rng) {
      if (!c.has(name(place))) {
        return x;
      }
      int[] shape = new int[x.shape().rank()];
      Arrays.setAll(shape, x::dim);
      return x.times(Variable.constant(c.tensor(name(place)).reshape(shape)));
    }

    @Override
    public @Nullable Tensor attentionDropout(String place) {
      return c.has(name(place)) ? c.tensor(name(place)) : null;
    }
  }
}
