package dev.bulwark.robust.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Padding;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.optim.EpochSchedule;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.method.Mixout;
import dev.bulwark.robust.objective.HullAttack;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.ParameterDistance;
import dev.bulwark.robust.objective.ProjectionPair;
import dev.bulwark.robust.objective.RiftTerms;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.HullSearch;
import dev.bulwark.robust.perturb.WordHull;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Golden cases of RIFT, ASCC, PTWD and Mixout. */
final class RiftKinds {
  private RiftKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of(
        "rift_infonce", RiftKinds::infoNce,
        "rift_conditional_infonce", RiftKinds::conditionalInfoNce,
        "ascc_hull", RiftKinds::hull,
        "ascc_attack", RiftKinds::attack,
        "rift_step", RiftKinds::step,
        "ptwd", RiftKinds::distance,
        "mixout", RiftKinds::mixout,
        "trades_kl", RiftKinds::tradesKl,
        "lr_schedule", RiftKinds::schedule);
  }

  private static void put(
      GoldenResults to, String prefix, Map<String, Parameter> parameters, Gradients gradients) {
    parameters.forEach((name, p) ->
        to.put(
            prefix + name,
            gradients.of(p.leaf()).map(Tensor::toDoubles).orElse(new double[p.value().size()])));
  }

  private static void infoNce(GoldenCase c, GoldenResults to) {
    Map<String, Parameter> heads = new TreeMap<>();
    ProjectionPair pair = RiftHeads.pair(c, "s", "t", heads);
    Variable student = Variable.leaf("student", c.tensor("student"));
    Variable teacher = Variable.leaf("teacher", c.tensor("teacher"));
    Variable value = pair.infoNce(student, teacher, c.number("temperature"));
    to.put("value", value.value());
    Gradients g = value.backward();
    to.put("grad.student", g.get(student));
    put(to, "grad.", heads, g);
  }

  private static void conditionalInfoNce(GoldenCase c, GoldenResults to) {
    Map<String, Parameter> heads = new TreeMap<>();
    List<ProjectionPair> pairs = RiftHeads.pairs(c, "", heads);
    Variable student = Variable.leaf("student", c.tensor("student"));
    Variable teacher = Variable.constant(c.tensor("teacher"));
    List<Variable> each =
        ProjectionPair.infoNceByClass(pairs, student, teacher, c.number("temperature"));
    to.put("per_class", each.stream().mapToDouble(Variable::item).toArray());
    Variable value = each.stream().reduce(Variable::plus).orElseThrow().times(1.0 / each.size());
    to.put("value", value.value());
    Gradients g = value.backward();
    to.put("grad.student", g.get(student));
    put(to, "grad.", heads, g);
  }

  // ---- hull

  private static void hull(GoldenCase c, GoldenResults to) {
    Variable free = Variable.leaf("hat_w", c.tensor("hat_w"));
    Variable subs = Variable.leaf("subs", c.tensor("subs"));
    Shape s = subs.shape();
    Variable logits = WordHull.logits(free, c.tensor("mask"));
    Variable weights = WordHull.weights(logits);
    Variable entropy = WordHull.entropy(logits);
    List<Variable> columns =
        IntStream.range(0, s.dim(2))
            .mapToObj(k -> subs.select(2, k).reshape(s.dim(0) * s.dim(1), s.dim(3)))
            .toList();
    Variable embedding = WordHull.mix(weights.reshape(s.dim(0) * s.dim(1), s.dim(2)), columns);
    Variable probe =
        embedding
            .reshape(s.dim(0), s.dim(1), s.dim(3))
            .times(Variable.constant(c.tensor("probe")))
            .sum();
    Variable rift = HullSearch.Scaling.RIFT.of(entropy);
    Variable mean = HullSearch.Scaling.MEAN.of(entropy);
    to.put("weights", weights.value());
    to.put("embedding", embedding.value());
    to.put("entropy", entropy.value());
    to.put("probe", probe.value());
    to.put("sparse_rift", rift.value());
    to.put("sparse_mean", mean.value());
    Gradients g = probe.backward(Release.RETAIN);
    to.put("grad_probe.hat_w", g.get(free));
    to.put("grad_probe.subs", g.get(subs));
    to.put("grad_sparse_rift.hat_w", rift.backward(Release.RETAIN).get(free));
    to.put("grad_sparse_mean.hat_w", mean.backward(Release.RETAIN).get(free));
  }

  private static WordHull hull(GoldenCase c, TokenBatch tokens) {
    int slots = c.shape("text_subs").dim(2);
    int[] mask = c.ints("text_subs_mask");
    return new WordHull(tokens, slots, c.ints("text_subs"), mask);
  }

  // ---- models

  /** A bare encoder with pooler in a folder beside the case, without dropout. */
  private static SequenceClassifier model(GoldenCase c, String folder) {
    try (Checkpoint saved = HuggingFaceFolder.open(c.folder().resolve(folder))) {
      Source source = Source.of(saved.weights(), c.dtype(), Rng.seed(0));
      BertConfig config = BertConfig.of(saved.config()).withDropout(0, 0);
      return new SequenceClassifier(source, config, c.whole("num_classes"), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Step step(GoldenCase c, SequenceClassifier model) {
    Batch batch = new Batch(c.tokens("text", "attention_mask"), c.ints("labels"));
    Context context = Context.training(Rng.seed(0)).withPadding(Padding.masked(-10000));
    return new Step(model, batch, context);
  }

  private static void attack(GoldenCase c, GoldenResults to) {
    SequenceClassifier model = model(c, "student");
    Step step = step(c, model);
    BiFunction<Context, Variable, Variable> classify = RiftHeads.classifier(c, new HashMap<>());
    WordHull hull = hull(c, step.batch().tokens());
    HullSearch search =
        new HullSearch(
            c.whole("steps"),
            c.number("lr"),
            c.number("sparse_weight"),
            HullSearch.Scaling.named(c.text("scaling")),
            c.number("weight_decay"));
    List<Double> losses = new ArrayList<>();
    List<double[]> free = new ArrayList<>();
    Tensor weights =
        new HullAttack(search, HullAttack.Loss.named(c.text("loss")))
            .worst(
                step,
                (context, encoded) -> classify.apply(context, pooled(model, encoded)),
                hull,
                c.tensor("hat_w0"),
                (loss, w) -> {
                  losses.add(loss);
                  free.add(w.toDoubles());
                });
    to.put("loss", losses.stream().mapToDouble(d -> d).toArray());
    to.put("comb_w", weights);
    to.put("adv_text", hull.text(weights));
    double[] numbers = free.stream().flatMapToDouble(Arrays::stream).toArray();
    to.put("hat_w", numbers, (expected, actual) -> compareChoices(c, expected, actual));
  }

  /** Numbers of a slot count only where its position has a choice, as the cases say. */
  private static void compareChoices(GoldenCase c, double[] expected, double[] actual) {
    int[] mask = c.ints("text_subs_mask");
    int slots = c.shape("text_subs").dim(2);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    double bound = c.tolerance("rtol") * largest + c.tolerance("atol");
    for (int i = 0; i < expected.length; i++) {
      int at = i % mask.length;
      int position = at / slots * slots;
      boolean choice = Arrays.stream(mask, position, position + slots).sum() > 1;
      if (choice && mask[at] != 0) {
        assertEquals(expected[i], actual[i], bound, c + ": 'hat_w' at " + i);
      }
    }
  }

  private static Variable pooled(SequenceClassifier model, Encoded encoded) {
    return model.pooled(encoded, new int[encoded.size()]);
  }

  private static void step(GoldenCase c, GoldenResults to) {
    SequenceClassifier student = model(c, "student");
    SequenceClassifier teacher = model(c, "teacher").frozenCopy();
    Map<String, Parameter> heads = new TreeMap<>();
    List<Variable> now = new ArrayList<>();
    List<Tensor> start = new ArrayList<>();
    Map<String, Parameter> trained = new TreeMap<>();
    student
        .parameters()
        .forEach((name, p) -> {
          if (ParameterDistance.isPretrained(name)) {
            trained.put(name, p);
            now.add(p.leaf());
            start.add(Objects.requireNonNull(teacher.parameters().get(name)).value());
          }
        });
    RiftTerms.Parts parts =
        new RiftTerms.Parts(
            student,
            RiftHeads.classifier(c, heads),
            Optional.of(
                new RiftTerms.Teacher(
                    teacher,
                    RiftHeads.pair(c, "mi_s", "mi_t", heads),
                    RiftHeads.pairs(c, "mi_", heads),
                    c.number("temperature"),
                    true)),
            Optional.of(new ParameterDistance(now, start)));
    Step step = step(c, student);
    WordHull hull = hull(c, step.batch().tokens());
    RiftTerms terms = new RiftTerms(parts, step, hull, c.tensor("comb_w"));
    Map<RiftTerms.Name, Double> weights = new EnumMap<>(RiftTerms.Name.class);
    for (RiftTerms.Name name : RiftTerms.Name.values()) {
      to.put(name.label(), terms.of(name).item());
      JsonNode weight = c.param("w").get(name.label());
      weights.put(name, weight == null ? 0 : weight.doubleValue());
    }
    to.put("logit_clean", terms.cleanLogits().value());
    to.put("logit_adv", terms.adversarialLogits().value());
    to.put("pooled_teacher", terms.teacherFeatures().value());
    Variable total = terms.total(weights, new HashMap<>());
    to.put("total", total.item());
    Gradients g = total.backward();
    put(to, "grad.", trained, g);
    put(to, "grad_head.", heads, g);
  }

  // ---- distances, mixtures, schedules

  private static void distance(GoldenCase c, GoldenResults to) {
    Map<String, Variable> now = new LinkedHashMap<>();
    List<Tensor> start = new ArrayList<>();
    for (String name : c.inputs().keySet()) {
      if (name.startsWith("theta.")) {
        now.put(name, Variable.leaf(name, c.tensor(name)));
        start.add(c.tensor(name.replaceFirst("theta", "theta0")));
      }
    }
    Variable value = new ParameterDistance(List.copyOf(now.values()), start).norm();
    to.put("value", value.value());
    Gradients g = value.backward();
    now.forEach((name, leaf) -> to.put("grad." + name, g.get(leaf)));
  }

  private static void mixout(GoldenCase c, GoldenResults to) {
    Parameter weight = new Parameter("weight", c.tensor("weight").copy());
    Parameter bias = new Parameter("bias", c.tensor("bias").copy());
    Tensor one = Tensor.scalar(1, c.dtype());
    RecordedDraws draws = new RecordedDraws(); // kept where the mask is 0
    draws.put("mixout.weight", one.minus(c.tensor("mask_weight")));
    draws.put("mixout.bias", one.minus(c.tensor("mask_bias")));
    Mixout mixout =
        new Mixout(c.number("p"), Map.of(weight, c.tensor("weight0"), bias, c.tensor("bias0")));
    Objective.Result result =
        mixout.around(
            draws,
            () -> {
              to.put("effective_weight", weight.value());
              to.put("effective_bias", bias.value());
              Variable x = Variable.constant(c.tensor("x"));
              Variable y = Matmul.linear(x, weight.variable(), bias.variable());
              to.put("y", y.value());
              Variable value = y.times(Variable.constant(c.tensor("probe"))).sum();
              double number = value.item();
              return new Objective.Result(value.backward(), number, Map.of());
            });
    to.put("value", result.loss());
    to.put("grad.", result.gradients(), List.of(weight, bias));
  }

  private static void tradesKl(GoldenCase c, GoldenResults to) {
    Variable clean = Variable.leaf("clean", c.tensor("clean"));
    Variable adv = Variable.leaf("adv", c.tensor("adv"));
    Variable value = Losses.klDivergence(clean, adv);
    to.put("value", value.value());
    Gradients g = value.backward();
    to.put("grad.clean", g.get(clean));
    to.put("grad.adv", g.get(adv));
  }

  private static void schedule(GoldenCase c, GoldenResults to) {
    List<Integer> milestones = new ArrayList<>();
    c.param("milestones").forEach(m -> milestones.add(m.intValue()));
    EpochSchedule schedule =
        new EpochSchedule(
            c.whole("warmup_epochs"), c.number("warmup_factor"), milestones, c.number("gamma"));
    to.put(
        "lr",
        IntStream.range(0, c.whole("epochs"))
            .mapToDouble(e -> c.number("base_lr") * schedule.factor(e))
            .toArray());
  }
}
