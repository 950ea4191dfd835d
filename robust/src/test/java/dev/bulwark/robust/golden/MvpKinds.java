package dev.bulwark.robust.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.LabelWords;
import dev.bulwark.nn.head.LabelWords.Pool;
import dev.bulwark.nn.head.MaskedLm;
import dev.bulwark.nn.head.PromptClassifier;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Tokenizers;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.InputRow;
import dev.bulwark.robust.method.MvpAdversary;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.prompt.Family;
import dev.bulwark.robust.prompt.PromptEncoder;
import dev.bulwark.robust.prompt.Template;
import dev.bulwark.robust.prompt.Verbaliser;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Golden cases of Mvp. */
final class MvpKinds {
  private MvpKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of(
        "mvp.template_ids", MvpKinds::templateIds,
        "mvp.candidate_loss", MvpKinds::candidateLoss,
        "mvp.loss", MvpKinds::loss,
        "mvp.adversarial_step", MvpKinds::adversarialStep);
  }

  // ---- rows

  private static void templateIds(GoldenCase c, GoldenResults to) {
    Tokenizer tokenizer = tokenizer(c.folder().resolve(c.text("tokenizer")));
    Family family = Family.valueOf(c.text("family").toUpperCase(Locale.ROOT));
    List<String> texts =
        texts(c.param("texts")).stream().map(t -> t.toLowerCase(Locale.ROOT)).toList();
    List<Template> templates = texts(c.param("templates")).stream().map(Template::of).toList();
    PromptEncoder encoder =
        new PromptEncoder(tokenizer, templates, c.whole("max_length"), family, true);
    List<InputRow> rows = texts.stream().flatMap(t -> encoder.rows(t, null).stream()).toList();
    Batch batch =
        Batch.of(rows, encoder.padId(), new int[texts.size()], encoder.releasedWidth(texts));
    to.put("new_ids", batch.tokens().ids());
    to.put("new_mask", batch.tokens().mask());
    int shift = family == Family.GPT ? -1 : 0;
    assertArrayEquals(masks(c, batch.tokens(), shift), batch.focus(), c + ": focus");
    List<List<String>> words =
        c.param("verbaliser").propertyStream().map(e -> texts(e.getValue())).toList();
    Verbaliser.Tokens found = new Verbaliser(words).lookUp(tokenizer, family, true);
    to.put("candidate_ids", array(found.ids()));
    List<Integer> classes =
        c.param("verbaliser").propertyStream().map(e -> Integer.valueOf(e.getKey())).toList();
    to.put("candidate_class", array(found.classOf().stream().map(classes::get).toList()));
  }

  private static Tokenizer tokenizer(Path at) {
    try {
      return Tokenizers.load(Files.isDirectory(at) ? at : Objects.requireNonNull(at.getParent()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::stringValue).toList();
  }

  private static int[] array(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  // ---- losses

  private static LabelWords words(GoldenCase c) {
    return new LabelWords(
        IntStream.of(c.ints("candidate_ids")).boxed().toList(),
        IntStream.of(c.ints("candidate_class")).boxed().toList(),
        pool(c, "pool_label_words"),
        c.whole("templates"),
        pool(c, "pool_templates"));
  }

  private static Pool pool(GoldenCase c, String name) {
    return Pool.valueOf(c.text(name).toUpperCase(Locale.ROOT));
  }

  /** Where each row has its mask, shifted. */
  private static int[] masks(GoldenCase c, TokenBatch rows, int shift) {
    int mask =
        c.json()
            .get("params")
            .get(c.operation().equals("mvp.template_ids") ? "mask" : "mask_token_id")
            .intValue();
    int[] at = new int[rows.size()];
    for (int r = 0; r < at.length; r++) {
      int from = r * rows.length();
      at[r] =
          IntStream.range(0, rows.length())
                  .filter(s -> rows.ids()[from + s] == mask)
                  .findFirst()
                  .orElseThrow()
              + shift;
    }
    return at;
  }

  private static void candidateLoss(GoldenCase c, GoldenResults to) {
    Variable all = Variable.leaf("logits", c.tensor("mlm_logits"));
    Shape s = c.shape("new_ids");
    int[] ones = new int[s.dim(0) * s.dim(1)];
    Arrays.fill(ones, 1);
    TokenBatch rows =
        new TokenBatch(s.dim(0), s.dim(1), c.ints("new_ids"), new int[ones.length], ones);
    int[] at = masks(c, rows, c.whole("position_shift"));
    Arrays.setAll(at, r -> r * s.dim(1) + at[r]);
    Variable focused =
        Indexing.gatherRows(
            Views.reshape(all, ones.length, all.dim(-1)), Tensor.of(Shape.of(at.length), at));
    LabelWords words = words(c);
    Variable candidates = words.candidates(focused);
    Variable perClass = words.perClass(candidates);
    Variable logits = words.perExample(perClass);
    Variable loss = Losses.crossEntropy(logits, c.intTensor("labels"));
    to.put("candidate_logits", candidates.value());
    to.put("per_template", perClass.value());
    to.put("logits", logits.value());
    to.put("loss", loss.item());
    to.put("grad_mlm_logits", loss.backward().get(all));
  }

  private static PromptClassifier model(GoldenCase c) {
    String folder = c.json().get("model").stringValue();
    try (Checkpoint checkpoint = HuggingFaceFolder.open(c.folder().resolve(folder))) {
      Source source = Source.of(checkpoint.weights(), c.dtype(), Rng.seed(0));
      BertConfig config = BertConfig.of(checkpoint.config()).withDropout(0, 0);
      return new PromptClassifier(new MaskedLm(source, config), words(c));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Batch batch(GoldenCase c) {
    TokenBatch tokens = c.tokens("new_ids", "new_mask");
    return new Batch(tokens, masks(c, tokens, 0), c.ints("labels"));
  }

  private static void loss(GoldenCase c, GoldenResults to) {
    PromptClassifier model = model(c);
    Batch batch = batch(c);
    Context context = Context.inference();
    Encoded encoded =
        model.encoder().encode(context, model.encoder().embed(batch.tokens()), batch.tokens());
    to.put("mask_logits", model.languageModel().logits(encoded.at(batch.focus())).value());
    Variable candidates = model.candidates(encoded, batch.focus());
    to.put("candidate_logits", candidates.value());
    to.put("per_template", model.words().perClass(candidates).value());
    Variable logits = model.logits(context, encoded, batch.focus());
    to.put("logits", logits.value());
    Variable loss = Losses.crossEntropy(logits, batch.labelTensor());
    to.put("loss", loss.item());
    to.put("grad.", loss.backward(), model.parameters().values());
  }

  // ---- adversarial training

  private static void adversarialStep(GoldenCase c, GoldenResults to) {
    PromptClassifier model = model(c);
    RecordedDraws draws = new RecordedDraws();
    Step step = new Step(model, batch(c), Context.inference(), draws, List.of());
    MvpAdversary adversary =
        new MvpAdversary(
            MvpAdversary.Norm.valueOf(c.text("norm").toUpperCase(Locale.ROOT)),
            c.number("epsilon"),
            c.whole("num_iter"),
            c.param("alpha").isNumber() ? c.number("alpha") : 0,
            MvpAdversary.Noise.RELEASED);
    Tensor start = c.tensor("delta.0");
    if (c.has("uniform")) {
      draws.put("start", c.tensor("uniform"));
      double tolerance = c.dtype() == DType.F64 ? 1e-12 : 1e-6;
      assertArrayEquals(start.toDoubles(), adversary.start(step).toDoubles(), tolerance);
    }
    MvpAdversary.Climb climb =
        adversary.climb(
            step,
            start,
            true,
            (k, loss, gradient, delta) -> {
              to.put("attack_loss." + k, loss);
              to.put("attack_grad." + k, gradient);
              putDelta(c, to, "delta." + (k + 1), delta);
            });
    Variable logits = step.logits(step.words().plus(Variable.constant(climb.delta())), 0);
    to.put("logits", logits.value());
    var pass = step.pass(climb.delta(), 0, 1, 0);
    to.put("loss", pass.loss());
    to.put("grad.", pass.gradients(), model.parameters().values());
    to.put("leaked.", climb.leaked(), model.parameters().values());
  }

  /** In single precision the sign of a tiny gradient may flip: 0.1% of the entries may differ. */
  private static void putDelta(GoldenCase c, GoldenResults to, String name, Tensor delta) {
    if (c.dtype() == DType.F64 || !c.text("norm").equals("linf")) {
      to.put(name, delta);
      return;
    }
    to.put(
        name,
        delta.toDoubles(),
        (expected, actual) -> {
          long off =
              IntStream.range(0, expected.length)
                  .filter(i -> Math.abs(expected[i] - actual[i]) > 1e-6)
                  .count();
          assertTrue(off <= 1e-3 * expected.length, c + ": " + off + " of " + expected.length);
        });
  }
}
