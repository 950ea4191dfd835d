package dev.bulwark.nn.checkpoint;

import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Makes sure that what is saved together belongs together. */
final class SavedArchitecture {
  private static final String CLASSIFIER = "classifier.weight";
  private static final String WORDS = "embeddings.word_embeddings.weight";

  private SavedArchitecture() {}

  /** The configuration with {@code architectures} as the weights have it. */
  static Config fit(Config config, Map<String, Tensor> weights, Tokenizer tokenizer) {
    for (Map.Entry<String, Tensor> each : weights.entrySet()) {
      if (each.getValue().dtype() != DType.F32) {
        throw new IllegalArgumentException(
            "cannot save '"
                + each.getKey()
                + "' as "
                + each.getValue().describe()
                + "; cast it to F32");
      }
    }
    if (tokenizer.vocabulary().size() > config.vocabSize()) {
      throw new IllegalArgumentException(
          "cannot save: the tokenizer has %d tokens but vocab_size is %d"
              .formatted(tokenizer.vocabulary().size(), config.vocabSize()));
    }
    boolean isBert = config.modelType().equals("bert");
    boolean hasHead = weights.keySet().stream().anyMatch(n -> n.startsWith("bert."));
    if (isBert) {
      Shape expected = Shape.of(config.vocabSize(), config.hiddenSize());
      Tensor words = weights.get((hasHead ? "bert." : "") + WORDS);
      if (words == null || !words.shape().equals(expected)) {
        throw new IllegalArgumentException(
            "cannot save: '%s' is %s but the configuration needs %s"
                .formatted(WORDS, words == null ? "missing" : words.describe(), expected));
      }
    }
    Tensor classifier = weights.get(CLASSIFIER);
    if (classifier != null && classifier.dim(0) != config.labels().size()) {
      throw new IllegalArgumentException(
          "cannot save: '%s' is %s but the configuration has %d labels; set them with withLabels"
              .formatted(CLASSIFIER, classifier.describe(), config.labels().size()));
    }
    Config plain = config.has("torch_dtype") ? config.with("torch_dtype", "float32") : config;
    plain = plain.has("dtype") ? plain.with("dtype", "float32") : plain;
    return isBert ? plain.with("architectures", List.of(bert(weights, hasHead))) : plain;
  }

  private static String bert(Map<String, Tensor> weights, boolean hasHead) {
    if (!hasHead) {
      return "BertModel";
    }
    if (weights.containsKey(CLASSIFIER)) {
      return "BertForSequenceClassification";
    }
    if (weights.containsKey("qa_outputs.weight")) {
      return "BertForQuestionAnswering";
    }
    if (weights.containsKey("cls.predictions.bias")) {
      return "BertForMaskedLM";
    }
    throw new IllegalArgumentException(
        "cannot save: the weights start with 'bert.' but have no head that is known; leave the"
            + " prefix away for a bare encoder");
  }
}
