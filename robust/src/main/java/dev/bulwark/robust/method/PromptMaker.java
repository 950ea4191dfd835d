package dev.bulwark.robust.method;

import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Config;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.head.LabelWords;
import dev.bulwark.nn.head.MaskedLm;
import dev.bulwark.nn.head.PromptClassifier;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.prompt.PromptEncoder;
import dev.bulwark.robust.prompt.Template;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Makes classifiers of masked language models, saved as such ({@code BertForMaskedLM}).
 *
 * @param settings templates, label words, pooling and where the head comes from
 * @param templated whether the model reads templates, or label words at [CLS] without any
 */
record PromptMaker(Settings settings, boolean templated) implements Recipe.ModelMaker {
  private static final String HEAD = "cls.predictions.bias";

  @Override
  public Classifier onTopOf(Checkpoint pretrained, Labels labels, Rng rng) throws IOException {
    boolean fresh = settings.text("mlm-head").equals("new");
    if (!fresh && !pretrained.weights().has(HEAD)) {
      throw new IllegalArgumentException(
          pretrained.name()
              + " has no masked-language-model head ("
              + HEAD
              + " is missing), which a prompt needs; take a model such as bert-base-uncased, or set"
              + " mlm-head=new for a head that starts at random (not the published method)");
    }
    return build(pretrained, pretrained.config().withLabels(labels.names()), labels, rng, fresh);
  }

  @Override
  public Classifier open(Checkpoint trained) throws IOException {
    if (!trained.weights().has(HEAD)) {
      throw new IllegalArgumentException(
          trained.name() + " holds no prompt classifier (" + HEAD + " is missing)");
    }
    Config config = trained.config();
    return build(trained, config, Labels.of(config.labels()), Rng.seed(0), false);
  }

  private Classifier build(
      Checkpoint checkpoint, Config config, Labels labels, Rng rng, boolean fresh)
      throws IOException {
    Tokenizer tokenizer = checkpoint.tokenizer();
    List<Template> templates = templated ? PromptOptions.templates(settings, labels) : List.of();
    LabelWords words =
        PromptOptions.words(settings, labels, tokenizer, Math.max(1, templates.size()));
    IntFunction<InputEncoder> inputs =
        templated
            ? length -> new PromptEncoder(tokenizer, templates, length)
            : length -> InputEncoder.plain(tokenizer, length);
    Source source = Source.of(checkpoint.weights(), DType.F32, rng);
    MaskedLm model = new MaskedLm(source, fresh ? source.fresh() : source, BertConfig.of(config));
    return new Classifier(new PromptClassifier(model, words), tokenizer, config, labels, inputs);
  }
}
