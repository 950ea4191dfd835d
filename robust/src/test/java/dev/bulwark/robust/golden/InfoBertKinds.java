package dev.bulwark.robust.golden;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.robust.objective.information.AnchoredInfoNce;
import dev.bulwark.robust.objective.information.AnchoredTokens;
import dev.bulwark.robust.objective.information.Club;
import dev.bulwark.robust.objective.information.GaussianClub;
import dev.bulwark.robust.objective.information.InfoNce;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Golden cases of InfoBert: the bounds by themselves and the optimiser. */
final class InfoBertKinds {
  private InfoBertKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of(
        "club_v2_sampled", InfoBertKinds::clubSampled,
        "club_v2_full", InfoBertKinds::clubFull,
        "club_gaussian", InfoBertKinds::gaussian,
        "club_update", InfoBertKinds::gaussianUpdate,
        "infonce", InfoBertKinds::infoNce,
        "anchored_selection", InfoBertKinds::selection,
        "anchored_regulariser", InfoBertKinds::regulariser,
        "adv_step", AdversarialStep::run,
        "optimiser_steps", InfoBertKinds::optimiser);
  }

  private static void clubSampled(GoldenCase c, GoldenResults to) {
    Variable y = Variable.leaf("y", c.tensor("y"));
    value(Club.sampled(y, c.ints("random_index")).times(c.number("beta")), Map.of("y", y), to);
  }

  private static void clubFull(GoldenCase c, GoldenResults to) {
    Variable y = Variable.leaf("y", c.tensor("y"));
    value(Club.full(y), Map.of("y", y), to);
  }

  private static void value(Variable v, Map<String, Variable> leaves, GoldenResults to) {
    to.put("value", v.item());
    gradients("grad.", v, leaves, to);
  }

  private static void gradients(
      String prefix, Variable v, Map<String, Variable> leaves, GoldenResults to) {
    Gradients g = v.backward(Release.RETAIN);
    leaves.forEach((name, leaf) -> to.put(prefix + name, g.get(leaf)));
  }

  /** Leaves of a module by the case's names. */
  private static Map<String, Variable> leaves(Module module) {
    Map<String, Variable> all = new LinkedHashMap<>();
    module.parameters().forEach((name, p) -> all.put(name.substring("case.".length()), p.leaf()));
    return all;
  }

  /** Gives a module under the name "case" the weights of a case. */
  private static <M extends Module> M load(M module, GoldenCase c, String prefix) {
    module
        .parameters()
        .forEach((name, p) -> {
          Tensor t = c.tensor(prefix + name.substring("case.".length()));
          p.value().kernels().copy(t, p.value());
        });
    return module;
  }

  private static Source source(GoldenCase c) {
    return Source.random(c.dtype(), Rng.seed(0)).under("case");
  }

  /** The critic of a case. */
  static InfoNce critic(GoldenCase c, String prefix, int local, int global) {
    return load(new InfoNce(source(c), local, global), c, prefix);
  }

  /** Gradients of a critic. */
  static void critic(String prefix, InfoNce critic, Gradients g, GoldenResults to) {
    leaves(critic)
        .forEach((name, leaf) ->
            to.put(
                prefix + name,
                g.of(leaf).map(Tensor::toDoubles).orElse(new double[leaf.value().size()])));
  }

  private static GaussianClub estimator(GoldenCase c, double rate) {
    int x = c.shape("x").dim(1);
    return load(new GaussianClub(source(c), x, c.shape("y").dim(1), rate), c, "");
  }

  private static void gaussian(GoldenCase c, GoldenResults to) {
    GaussianClub club = estimator(c, 1e-3);
    Variable x = Variable.leaf("x", c.tensor("x"));
    Variable y = Variable.leaf("y", c.tensor("y"));
    Map<String, Variable> leaves = leaves(club);
    leaves.put("x", x);
    leaves.put("y", y);
    Map<String, Variable> values =
        Map.of(
            "sampled", club.sampled(x, y, c.ints("random_index")),
            "full", club.full(x, y),
            "loglikelihood", club.logLikelihood(x, y));
    values.forEach((name, v) -> {
      to.put(name, v.item());
      gradients("grad_" + name + ".", v, leaves, to);
    });
  }

  private static void gaussianUpdate(GoldenCase c, GoldenResults to) {
    GaussianClub club = estimator(c, c.number("lr"));
    Variable x = Variable.leaf("x", c.tensor("x"));
    Variable y = Variable.leaf("y", c.tensor("y"));
    GaussianClub.Fit fit = club.fit(x.value(), y.value());
    to.put("nll", fit.negativeLogLikelihood());
    to.put("leaked_grad.x", fit.x());
    to.put("leaked_grad.y", fit.y());
    leaves(club).forEach((name, leaf) -> to.put("new." + name, leaf.value()));
    Variable bound = club.sampled(x, y, c.ints("random_index")).times(c.number("beta"));
    value(bound, Map.of("x", x, "y", y), to);
  }

  private static void infoNce(GoldenCase c, GoldenResults to) {
    InfoNce critic = critic(c, "", c.shape("x").dim(1), c.shape("y").dim(1));
    Variable x = Variable.leaf("x", c.tensor("x"));
    Variable y = Variable.leaf("y", c.tensor("y"));
    Map<String, Variable> leaves = leaves(critic);
    leaves.put("x", x);
    leaves.put("y", y);
    value(critic.bound(x, y), leaves, to);
  }

  private static void selection(GoldenCase c, GoldenResults to) {
    TokenBatch tokens = tokens(c);
    AnchoredTokens chosen =
        AnchoredTokens.select(c.tensor("grad"), tokens, c.number("cl"), c.number("ch"));
    int[] counts = new int[tokens.size()];
    Arrays.stream(chosen.sequences()).forEach(b -> counts[b]++);
    to.put("counts", counts);
    to.put("indices", padded(chosen, tokens.size(), width(chosen, tokens.size())));
  }

  private static TokenBatch tokens(GoldenCase c) {
    int[] mask = c.ints("attention_mask");
    int rows = c.shape("attention_mask").dim(0);
    int[] zeros = new int[mask.length];
    return new TokenBatch(rows, mask.length / rows, zeros, zeros, mask);
  }

  /** The largest number of tokens chosen in a sequence, at least 1. */
  static int width(AnchoredTokens chosen, int rows) {
    return IntStream.range(0, rows)
        .map(b -> (int) Arrays.stream(chosen.sequences()).filter(s -> s == b).count())
        .reduce(1, Math::max);
  }

  /** Positions of each sequence's tokens, -1 after the last: [rows, width]. */
  static int[] padded(AnchoredTokens chosen, int rows, int width) {
    int[] table = new int[rows * width];
    Arrays.fill(table, -1);
    int[] next = new int[rows];
    for (int i = 0; i < chosen.size(); i++) {
      int b = chosen.sequences()[i];
      table[b * width + next[b]++] = chosen.positions()[i];
    }
    return table;
  }

  private static void regulariser(GoldenCase c, GoldenResults to) {
    Variable embedded = Variable.leaf("embedding_out", c.tensor("embedding_out"));
    Variable last = Variable.leaf("last_hidden", c.tensor("last_hidden"));
    int hidden = embedded.dim(2);
    InfoNce critic = critic(c, "", hidden, hidden);
    List<Integer> tokens = new ArrayList<>();
    List<Integer> sentences = new ArrayList<>();
    int[] indices = c.ints("indices");
    int width = c.shape("indices").dim(1);
    for (int i = 0; i < indices.length; i++) {
      int first = i / width * embedded.dim(1);
      if (indices[i] >= 0) {
        tokens.add(first + indices[i]);
        sentences.add(first);
      }
    }
    Map<String, Variable> leaves = leaves(critic);
    leaves.put("embedding_out", embedded);
    leaves.put("last_hidden", last);
    Variable bound =
        AnchoredInfoNce.bound(
            critic,
            rows(embedded, tokens),
            rows(last, sentences),
            c.ints("perm"),
            c.whole("batch_size"));
    value(bound.times(-1), leaves, to);
  }

  private static Variable rows(Variable x, List<Integer> numbers) {
    int[] ids = numbers.stream().mapToInt(i -> i).toArray();
    return Indexing.gatherRows(
        x.reshape(x.dim(0) * x.dim(1), x.dim(2)), Tensor.of(Shape.of(ids.length), ids));
  }

  private static void optimiser(GoldenCase c, GoldenResults to) {
    List<String> noDecay = texts(c.param("no_decay"));
    List<String> free = texts(c.param("unclipped"));
    Map<String, Parameter> all = new LinkedHashMap<>();
    List<Parameter> clipped = new ArrayList<>();
    List<Parameter> unclipped = new ArrayList<>();
    for (String input : c.inputs().keySet()) {
      if (input.startsWith("p.")) {
        String name = input.substring(2);
        String group = noDecay.contains(name) ? ".bias" : ".weight"; // names say what decays
        Parameter p = new Parameter(name + group, c.tensor(input).copy());
        all.put(name, p);
        (free.contains(name) ? unclipped : clipped).add(p);
      }
    }
    AdamWOptimizer adamW =
        new AdamWOptimizer(
            clipped,
            unclipped,
            new AdamWOptimizer.Settings(
                1,
                0.9,
                0.999,
                c.number("eps"),
                c.number("weight_decay"),
                AdamWOptimizer.Form.TRANSFORMERS));
    for (int s = 0; s < c.whole("steps"); s++) {
      Gradients g = gradients(c, "g" + s + ".", all);
      double rate = c.param("lr").get(s).doubleValue();
      to.put("grad_norm." + s, adamW.step(g, rate, c.number("max_grad_norm")));
      for (var e : all.entrySet()) {
        to.put("p" + s + "." + e.getKey(), e.getValue().value());
      }
    }
  }

  /** Recorded gradients, made the gradients of a graph: those of the sum of p times g. */
  private static Gradients gradients(GoldenCase c, String prefix, Map<String, Parameter> all) {
    Gradients sum = Gradients.none();
    for (var e : all.entrySet()) {
      Tensor g = c.tensor(prefix + e.getKey());
      sum = sum.plus(e.getValue().leaf().times(Variable.constant(g)).sum().backward());
    }
    return sum;
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::stringValue).toList();
  }
}
