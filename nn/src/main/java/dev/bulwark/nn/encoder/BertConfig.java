package dev.bulwark.nn.encoder;

import dev.bulwark.nn.checkpoint.Config;
import dev.bulwark.nn.layer.Activation;

/**
 * Sizes and rates of a BERT encoder; names as in config.json.
 *
 * @param vocabSize number of word pieces, V
 * @param hiddenSize H
 * @param layers number of layers
 * @param heads attention heads, A
 * @param intermediateSize width of the feed-forward part
 * @param activation of the feed-forward part
 * @param hiddenDropout rate after embeddings and dense layers
 * @param attentionDropout rate on attention probabilities
 * @param maxPositions longest sequence
 * @param typeVocabSize number of segments
 * @param layerNormEpsilon added to variances
 * @param padId the padding token
 */
public record BertConfig(
    int vocabSize,
    int hiddenSize,
    int layers,
    int heads,
    int intermediateSize,
    Activation activation,
    double hiddenDropout,
    double attentionDropout,
    int maxPositions,
    int typeVocabSize,
    double layerNormEpsilon,
    int padId) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is not positive, heads do not divide the hidden
   *     size, or a rate is outside [0, 1)
   */
  public BertConfig {
    positive("vocab_size", vocabSize);
    positive("hidden_size", hiddenSize);
    positive("num_hidden_layers", layers);
    positive("num_attention_heads", heads);
    positive("intermediate_size", intermediateSize);
    positive("max_position_embeddings", maxPositions);
    positive("type_vocab_size", typeVocabSize);
    rate("hidden_dropout_prob", hiddenDropout);
    rate("attention_probs_dropout_prob", attentionDropout);
    if (hiddenSize % heads != 0) {
      throw new IllegalArgumentException(
          "hidden_size " + hiddenSize + " is not a multiple of num_attention_heads " + heads);
    }
    if (!(layerNormEpsilon > 0)) {
      throw new IllegalArgumentException("layer_norm_eps " + layerNormEpsilon + " is not positive");
    }
  }

  /**
   * What a config.json says.
   *
   * @param c the configuration of a checkpoint
   * @return the sizes and rates
   * @throws IllegalArgumentException if the model is not a BERT or a value does not make sense
   */
  public static BertConfig of(Config c) {
    if (!c.modelType().equals("bert")) {
      throw new IllegalArgumentException(
          "model_type '" + c.modelType() + "' is not supported; supported is bert");
    }
    return new BertConfig(
        c.vocabSize(),
        c.hiddenSize(),
        c.numHiddenLayers(),
        c.numAttentionHeads(),
        c.intermediateSize(),
        Activation.named(c.hiddenAct()),
        c.hiddenDropout(),
        c.attentionDropout(),
        c.maxPositionEmbeddings(),
        c.typeVocabSize(),
        c.layerNormEps(),
        c.has("pad_token_id") ? c.intAt("pad_token_id") : 0);
  }

  /**
   * The same with other dropout rates.
   *
   * @param hidden rate after embeddings and dense layers
   * @param attention rate on attention probabilities
   * @return the changed configuration
   */
  public BertConfig withDropout(double hidden, double attention) {
    return new BertConfig(
        vocabSize,
        hiddenSize,
        layers,
        heads,
        intermediateSize,
        activation,
        hidden,
        attention,
        maxPositions,
        typeVocabSize,
        layerNormEpsilon,
        padId);
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be at least 1");
    }
  }

  private static void rate(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be in [0, 1)");
    }
  }
}
