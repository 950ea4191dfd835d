package dev.bulwark.robust.golden;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Padding;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.InputRow;
import dev.bulwark.robust.method.Rsmi;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.CandidateRule;
import dev.bulwark.robust.perturb.LayerNoise;
import dev.bulwark.robust.perturb.Saliency;
import dev.bulwark.robust.perturb.TokenMask;
import dev.bulwark.robust.predict.NoisyModel;
import dev.bulwark.robust.predict.NoisyRow;
import dev.bulwark.robust.predict.TwoStepVote;
import dev.bulwark.robust.predict.Vote;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Golden cases of RSMI: noise, saliency, the training step, the vote, the whole prediction. */
final class RsmiKinds {
  private RsmiKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of(
        "rsmi.noise_forward", RsmiKinds::noiseForward,
        "rsmi.saliency_mask", RsmiKinds::saliencyMask,
        "rsmi.training_step", RsmiKinds::trainingStep,
        "rsmi.vote", RsmiKinds::vote,
        "rsmi.two_step_inference", RsmiKinds::twoStepInference);
  }

  private static SequenceClassifier model(GoldenCase c) {
    return c.classifier(c.json().get("model").stringValue());
  }

  private static LayerNoise noise(GoldenCase c) {
    return new LayerNoise(c.number("noise_eps"), c.whole("nth_layers"));
  }

  private static Batch batch(GoldenCase c) {
    TokenBatch tokens = c.tokens("input_ids", "attention_mask");
    return new Batch(tokens, c.has("labels") ? c.ints("labels") : new int[tokens.size()]);
  }

  private static Context context(Context context) {
    return context.withPadding(Padding.masked(Double.NEGATIVE_INFINITY));
  }

  /** Draws of whole batches: input PREFIX.2 [B, L, H] is draw PASS.layer.2 [B * L, H]. */
  private static RecordedDraws draws(GoldenCase c, String... prefixAndPass) {
    RecordedDraws draws = new RecordedDraws();
    for (int i = 0; i < prefixAndPass.length; i += 2) {
      String pass = prefixAndPass[i + 1];
      layers(c, prefixAndPass[i])
          .forEach((layer, t) ->
              draws.put(pass + ".layer." + layer, t.reshape(t.dim(0) * t.dim(1), t.dim(2))));
    }
    return draws;
  }

  private static Map<String, Tensor> layers(GoldenCase c, String prefix) {
    Map<String, Tensor> all = new java.util.TreeMap<>();
    for (String name : c.inputs().keySet()) {
      if (name.startsWith(prefix + ".")) {
        all.put(name.substring(prefix.length() + 1), c.tensor(name));
      }
    }
    return all;
  }

  private static void noiseForward(GoldenCase c, GoldenResults to) {
    SequenceClassifier model = model(c);
    Batch batch = batch(c);
    Context context =
        context(Context.inference()).withHook(noise(c).hook(draws(c, "noise", "pass"), "pass"));
    Step step = new Step(model, batch, context);
    Encoded encoded = step.clean();
    Variable logits = step.cleanLogits();
    for (int i = 0; i <= encoded.layers(); i++) {
      to.put("hidden." + i, encoded.hidden(i).detach().value());
    }
    to.put("logits", logits.detach().value());
    Variable loss = step.crossEntropy(logits);
    to.put("loss", loss.item());
    to.put("grad.", loss.backward(), model.parameters().values());
  }

  private static void saliencyMask(GoldenCase c, GoldenResults to) {
    Batch batch = batch(c);
    Context context =
        context(Context.inference()).withHook(noise(c).hook(draws(c, "noise", "pass"), "pass"));
    Saliency s =
        c.text("labels").equals("given")
            ? Saliency.ofLabels(model(c), batch, context)
            : Saliency.ofPrediction(model(c), batch, context);
    CandidateRule rule =
        new CandidateRule(
            c.whole("top_k_long"), c.whole("top_k_short"), c.whole("short_if_length_at_most"));
    int[][] candidates = s.candidates(batch.tokens(), rule);
    to.put("logits", s.logits());
    to.put("target", s.targets());
    to.put("loss", s.loss());
    to.put("word_grad", s.meanGradient());
    to.put("saliency", s.scores().times(1.0 / s.targets().length));
    int width = c.json().get("tensors").get("candidates").get("shape").get(1).intValue();
    to.put("candidates", padded(candidates, width));
    to.put("masked_ids", masked(c, batch, candidates).ids());
  }

  private static int[] padded(int[][] candidates, int width) {
    return Arrays.stream(candidates)
        .flatMapToInt(
            p -> IntStream.range(0, Math.max(p.length, width)).map(i -> i < p.length ? p[i] : -1))
        .toArray();
  }

  private static TokenBatch masked(GoldenCase c, Batch batch, int[][] candidates) {
    int masks = c.whole("multi_mask");
    return new TokenMask(c.whole("mask_token_id"))
        .on(
            batch.tokens(),
            Arrays.stream(candidates)
                .map(p -> CandidateRule.first(p, masks))
                .toArray(int[][]::new));
  }

  private static void trainingStep(GoldenCase c, GoldenResults to) {
    SequenceClassifier model = model(c);
    Batch batch = batch(c);
    RecordedDraws draws = draws(c, "noise_saliency", "saliency", "noise_train", "train");
    Step step = new Step(model, batch, context(Context.training(Rng.seed(0))), draws, List.of());
    double weight = c.number("w_gn");
    TokenMask mask = new TokenMask(c.whole("mask_token_id"));
    Rsmi rsmi = new Rsmi(noise(c), mask, c.whole("multi_mask"), 1, weight, true);
    Rsmi.Prepared prepared = rsmi.prepare(step);
    Tensor words = prepared.step().words().value().plus(prepared.delta());
    to.put("word_grad", new Rsmi(noise(c), mask, 0, 1, 1, true).prepare(step).delta());
    to.put("masked_ids", prepared.step().batch().tokens().ids());
    to.put("inputs_embeds", words);
    to.put("logits", prepared.step().logits(Variable.constant(words), 0).value());
    Objective.Result result = rsmi.gradients(step);
    Gradients gradients = result.gradients();
    to.put("loss", result.loss());
    to.put("grad_norm", gradients.globalNorm());
    to.put("clip_coefficient", gradients.clipFactor(c.number("clip_norm")));
    to.put("grad.", gradients, model.parameters().values());
  }

  private static Vote voting(GoldenCase c) {
    return new Vote(
        c.number("alpha_p"), Vote.Kind.valueOf(c.text("vote_type").toUpperCase(Locale.ROOT)));
  }

  private static void vote(GoldenCase c, GoldenResults to) {
    double[][][] first = rows(c.tensor("logits_first").permute(1, 0, 2));
    putVote(voting(c), first, rows(c.tensor("logits_second")), to);
  }

  private static double[][][] rows(Tensor t) {
    double[] all = t.toDoubles();
    double[][][] rows = new double[t.dim(0)][t.dim(1)][];
    int classes = t.dim(2);
    for (int i = 0; i < t.dim(0) * t.dim(1); i++) {
      rows[i / t.dim(1)][i % t.dim(1)] = Arrays.copyOfRange(all, i * classes, (i + 1) * classes);
    }
    return rows;
  }

  private static void putVote(
      Vote vote, double[][][] first, double[][][] second, GoldenResults to) {
    List<Vote.Count> counts = Arrays.stream(first).map(Vote::count).toList();
    double[][] results = new double[first.length][];
    Arrays.setAll(results, i -> vote.result(vote.isDecisive(counts.get(i)) ? first[i] : second[i]));
    to.put("votes", counts.stream().flatMapToInt(n -> Arrays.stream(n.votes())).toArray());
    to.put("winner", counts.stream().mapToInt(Vote.Count::winner).toArray());
    to.put("n_a", counts.stream().mapToInt(Vote.Count::agreeing).toArray());
    to.put("p_value", counts.stream().mapToDouble(Vote.Count::p).toArray());
    to.put("again", counts.stream().mapToInt(n -> vote.isDecisive(n) ? 0 : 1).toArray());
    to.put("final_logits", Stream.of(results).flatMapToDouble(Arrays::stream).toArray());
    to.put("prediction", Stream.of(results).mapToInt(Vote::argMax).toArray());
  }

  private static void twoStepInference(GoldenCase c, GoldenResults to) {
    Batch batch = batch(c);
    Vote vote = voting(c);
    TwoStepVote steps =
        new TwoStepVote(
            new NoisyModel(model(c), 0, noise(c)),
            new TokenMask(c.whole("mask_token_id")),
            c.whole("multi_mask"),
            c.whole("num_ensemble"),
            c.whole("binom_ensemble"),
            vote);
    List<RecordedDraws> draws = new ArrayList<>();
    List<List<NoisyRow>> texts = texts(c, batch, draws);
    int[][][] candidates = steps.candidates(texts, "resaliency");
    for (int b = 0; b < texts.size(); b++) {
      draws.get(b).put("second.masks", chosen(c, b, candidates[b][0]));
    }
    List<List<NoisyRow>> masked = steps.masked(texts);
    int[] maskedIds = batch.tokens().ids().clone();
    for (int b = 0; b < masked.size(); b++) {
      int[] ids = masked.get(b).getFirst().row().ids();
      System.arraycopy(ids, 0, maskedIds, b * batch.tokens().length(), ids.length);
    }
    double[][][] first = steps.firstStep(masked);
    double[][][] second = steps.secondStep(texts);
    to.put("masked_ids", maskedIds);
    to.put(
        "logits_first",
        IntStream.range(0, first[0].length)
            .boxed()
            .flatMap(k -> Arrays.stream(first).map(text -> text[k]))
            .flatMapToDouble(Arrays::stream)
            .toArray());
    to.put(
        "logits_second",
        Arrays.stream(second).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray());
    putVote(vote, first, second, to);
    double[][] whole = steps.predict(texts);
    to.put("final_logits", Arrays.stream(whole).flatMapToDouble(Arrays::stream).toArray());
    to.put("prediction", Arrays.stream(whole).mapToInt(Vote::argMax).toArray());
  }

  /** Each row without its padding, and the recorded noise of its real tokens. */
  private static List<List<NoisyRow>> texts(GoldenCase c, Batch batch, List<RecordedDraws> draws) {
    TokenBatch tokens = batch.tokens();
    List<List<NoisyRow>> texts = new ArrayList<>();
    for (int b = 0; b < tokens.size(); b++) {
      int row = b;
      int from = b * tokens.length();
      int n = Arrays.stream(tokens.mask(), from, from + tokens.length()).sum();
      int[] ids = Arrays.copyOfRange(tokens.ids(), from, from + n);
      RecordedDraws own = new RecordedDraws();
      for (String pass : List.of("saliency", "resaliency")) {
        layers(c, "noise_" + pass)
            .forEach(
                (layer, z) -> own.put(pass + ".layer." + layer, z.select(0, row).slice(0, 0, n)));
      }
      layers(c, "noise_first")
          .forEach((layer, z) ->
              IntStream.range(0, z.dim(0))
                  .forEach(k ->
                      own.put(
                          "first." + k + ".layer." + layer,
                          z.select(0, k).select(0, row).slice(0, 0, n))));
      layers(c, "noise_second")
          .forEach((layer, z) ->
              IntStream.range(0, z.dim(1))
                  .forEach(k ->
                      own.put(
                          "second." + k + ".layer." + layer,
                          z.select(0, row).select(0, k).slice(0, 0, n))));
      draws.add(own);
      texts.add(List.of(new NoisyRow(new InputRow(ids, new int[n], 0), own, "")));
    }
    return texts;
  }

  /**
   * The recorded positions of a text as numbers of its candidates; of a text with fewer candidates
   * than masks, one for each pass.
   */
  private static int[] chosen(GoldenCase c, int text, int[] candidates) {
    int masks = c.whole("multi_mask");
    int passes = c.whole("binom_ensemble");
    int each = candidates.length < masks ? Math.min(1, candidates.length) : masks;
    int[] all = c.ints("second_positions");
    List<Integer> known = Arrays.stream(candidates).boxed().toList();
    return IntStream.range(0, passes * each)
        .map(i -> known.indexOf(all[(text * passes + i / each) * masks + i % each]))
        .toArray();
  }
}
