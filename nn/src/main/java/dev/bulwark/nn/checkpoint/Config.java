package dev.bulwark.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code config.json} says about a model; immutable.
 *
 * <p>The sizes of the encoder must be there; what Hugging Face gives a default has the same default
 * here. Keys this class does not know are kept, so that a saved model says all that the loaded one
 * said. A configuration that contradicts itself is refused when it is made; a missing size is
 * refused when it is asked for.
 */
public final class Config {
  private static final int MOST = 1 << 24;
  private static final double BELOW_ONE = Math.nextDown(1.0);
  private static final List<String> SIZES =
      List.of(
          "hidden_size",
          "num_hidden_layers",
          "num_attention_heads",
          "intermediate_size",
          "vocab_size",
          "max_position_embeddings",
          "type_vocab_size");

  private final JsonObject object;
  private final List<String> labels;

  private Config(ObjectNode json, String where) {
    object = new JsonObject(json, where);
    labels = LabelMaps.read(object);
    SIZES.stream().filter(this::has).forEach(this::size);
    if (has("hidden_size") && has("num_attention_heads")) {
      headSize();
    }
    layerNormEps();
    attentionDropout();
    classifierDropout();
    initializerRange();
  }

  /**
   * Reads a {@code config.json}.
   *
   * @param file the file
   * @return the configuration
   * @throws IOException if it cannot be read
   * @throws CheckpointException if it is not strict JSON or contradicts itself
   */
  public static Config read(Path file) throws IOException {
    return new Config(StrictJson.read(file), file.toString());
  }

  /**
   * Reads the contents of a {@code config.json}.
   *
   * @param json UTF-8 text
   * @param where what to call it in messages
   * @return the configuration
   * @throws CheckpointException if it is not strict JSON or contradicts itself
   */
  public static Config parse(byte[] json, String where) {
    return new Config(StrictJson.parse(json, where), where);
  }

  /**
   * The configuration of a BERT encoder with the original's choices: erf GELU, layer-norm epsilon
   * 1e-12, dropout 0.1.
   *
   * @param layers number of layers
   * @param hidden width of a token's vector
   * @param heads attention heads; divides {@code hidden}
   * @param inner width of the feed-forward part
   * @param vocabulary number of tokens
   * @param positions longest input
   * @param types number of segments
   * @return the configuration
   * @throws CheckpointException if a size is not positive or the heads do not divide the width
   */
  public static Config bert(
      int layers, int hidden, int heads, int inner, int vocabulary, int positions, int types) {
    ObjectNode json = StrictJson.MAPPER.createObjectNode();
    json.putArray("architectures").add("BertModel");
    json.put("attention_probs_dropout_prob", 0.1);
    json.put("hidden_act", "gelu");
    json.put("hidden_dropout_prob", 0.1);
    json.put("hidden_size", hidden);
    json.put("initializer_range", 0.02);
    json.put("intermediate_size", inner);
    json.put("layer_norm_eps", 1e-12);
    json.put("max_position_embeddings", positions);
    json.put("model_type", "bert");
    json.put("num_attention_heads", heads);
    json.put("num_hidden_layers", layers);
    json.put("pad_token_id", 0);
    json.put("position_embedding_type", "absolute");
    json.put("type_vocab_size", types);
    json.put("vocab_size", vocabulary);
    return new Config(json, "config.json");
  }

  // ---- what kind of model it is

  /** The family, for example {@code "bert"}. */
  public String modelType() {
    if (!has("model_type") && architectures().stream().anyMatch(a -> a.startsWith("Bert"))) {
      return "bert"; // the first published BERTs are older than the key
    }
    return stringAt("model_type");
  }

  /** Class names of the saved model, such as {@code BertForMaskedLM}; may be empty. */
  public List<String> architectures() {
    return object.strings("architectures");
  }

  // ---- sizes

  /** Width of a token's vector: {@code hidden_size}. */
  public int hiddenSize() {
    return size("hidden_size");
  }

  /** Number of layers: {@code num_hidden_layers}. */
  public int numHiddenLayers() {
    return size("num_hidden_layers");
  }

  /** Attention heads of a layer: {@code num_attention_heads}, a divisor of the hidden size. */
  public int numAttentionHeads() {
    return size("num_attention_heads");
  }

  /** Width of one attention head. */
  public int headSize() {
    if (hiddenSize() % numAttentionHeads() != 0) {
      throw CheckpointException.at(
          object.where(),
          "hidden_size %d is not a multiple of num_attention_heads %d"
              .formatted(hiddenSize(), numAttentionHeads()));
    }
    return hiddenSize() / numAttentionHeads();
  }

  /** Width of the feed-forward part: {@code intermediate_size}. */
  public int intermediateSize() {
    return size("intermediate_size");
  }

  /** Number of token embeddings: {@code vocab_size}. */
  public int vocabSize() {
    return size("vocab_size");
  }

  /** Longest input: {@code max_position_embeddings}, by default 512. */
  public int maxPositionEmbeddings() {
    return has("max_position_embeddings") ? size("max_position_embeddings") : 512;
  }

  /** Number of segments: {@code type_vocab_size}, by default 2. */
  public int typeVocabSize() {
    return has("type_vocab_size") ? size("type_vocab_size") : 2;
  }

  // ---- choices

  /**
   * Activation of the feed-forward part by Hugging Face's name, by default {@code "gelu"} (erf).
   */
  public String hiddenAct() {
    return stringOr("hidden_act", "gelu");
  }

  /** What layer normalisation adds to the variance, by default 1e-12. */
  public double layerNormEps() {
    return object.doubleIn("layer_norm_eps", 1e-12, Double.MIN_VALUE, 1);
  }

  /** Probability in [0, 1) of dropout after embeddings and dense layers, by default 0.1. */
  public double hiddenDropout() {
    return object.doubleIn("hidden_dropout_prob", 0.1, 0, BELOW_ONE);
  }

  /** Probability in [0, 1) of dropout of attention weights, by default 0.1. */
  public double attentionDropout() {
    return object.doubleIn("attention_probs_dropout_prob", 0.1, 0, BELOW_ONE);
  }

  /** Probability in [0, 1) of dropout before the classifier, by default {@link #hiddenDropout}. */
  public double classifierDropout() {
    return object.doubleIn("classifier_dropout", hiddenDropout(), 0, BELOW_ONE);
  }

  /** Standard deviation of fresh weights, by default 0.02. */
  public double initializerRange() {
    return object.doubleIn("initializer_range", 0.02, 0, 1e6);
  }

  /**
   * The classes in order of their number.
   *
   * @return {@code id2label}, or {@code LABEL_0} and so on for {@code num_labels}; empty if the
   *     file has neither
   */
  public List<String> labels() {
    return labels;
  }

  // ---- any key

  /**
   * Whether a key is there and not null.
   *
   * @param key a key of the file
   * @return true if so
   */
  public boolean has(String key) {
    return object.has(key);
  }

  /**
   * An integer of the file.
   *
   * @param key its key
   * @return its value
   * @throws CheckpointException if it is missing or not an int
   */
  public int intAt(String key) {
    return object.intAt(key);
  }

  /**
   * A number of the file, or a default.
   *
   * @param key its key
   * @param otherwise the value if it is missing or null
   * @return the value
   * @throws CheckpointException if it is something else than a finite number
   */
  public double doubleOr(String key, double otherwise) {
    return object.doubleAt(key).orElse(otherwise);
  }

  /**
   * A string of the file.
   *
   * @param key its key
   * @return its value
   * @throws CheckpointException if it is missing or not a string
   */
  public String stringAt(String key) {
    return object.stringAt(key);
  }

  /**
   * A list of strings of the file.
   *
   * @param key its key
   * @return the value; empty if it is missing or null
   * @throws CheckpointException if it is not a list of strings
   */
  public List<String> strings(String key) {
    return object.strings(key);
  }

  /**
   * A string of the file, or a default.
   *
   * @param key its key
   * @param otherwise the value if it is missing or null
   * @return the value
   * @throws CheckpointException if it is not a string
   */
  public String stringOr(String key, String otherwise) {
    return has(key) ? stringAt(key) : otherwise;
  }

  // ---- changes

  /**
   * This configuration with one key set.
   *
   * @param key the key
   * @param value a string, a boolean, an int, a long, a double or a list of strings
   * @return the changed configuration
   * @throws IllegalArgumentException if the value is of another type or contradicts the rest
   */
  public Config with(String key, Object value) {
    ObjectNode copy = object.json().deepCopy();
    switch (value) {
      case String s -> copy.put(key, s);
      case Boolean b -> copy.put(key, b);
      case Integer i -> copy.put(key, i);
      case Long l -> copy.put(key, l);
      case Double d -> copy.put(key, d);
      case List<?> list -> {
        ArrayNode array = copy.putArray(key);
        list.forEach(each -> array.add(String.valueOf(each)));
      }
      default ->
          throw new IllegalArgumentException(
              "config.json: a value of " + value.getClass() + " cannot be set for '" + key + "'");
    }
    return new Config(copy, object.where());
  }

  /**
   * This configuration for a classifier.
   *
   * @param names the classes in order of their number
   * @return the changed configuration
   * @throws IllegalArgumentException if a name is there twice
   */
  public Config withLabels(List<String> names) {
    ObjectNode copy = object.json().deepCopy();
    LabelMaps.write(copy, names);
    return new Config(copy, object.where());
  }

  /** This configuration as {@code config.json} has it: indented, with a line feed at the end. */
  public String toJson() {
    return StrictJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(object.json())
        + "\n";
  }

  private int size(String key) {
    return object.intIn(key, 1, MOST);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Config that && object.json().equals(that.object.json());
  }

  @Override
  public int hashCode() {
    return object.json().hashCode();
  }

  @Override
  public String toString() {
    return object.json().toString();
  }
}
