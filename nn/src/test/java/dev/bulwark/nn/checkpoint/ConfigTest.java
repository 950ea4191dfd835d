package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  @Test
  void sizesAreReadAndTheRestHasHuggingFacesDefaults() {
    Config c =
        parse(
            """
            {"architectures": ["BertForMaskedLM"], "hidden_size": 384, "num_attention_heads": 12,
             "num_hidden_layers": 6, "intermediate_size": 1536, "vocab_size": 30522}
            """);
    assertEquals("bert", c.modelType());
    assertEquals(384, c.hiddenSize());
    assertEquals(32, c.headSize());
    assertEquals(6, c.numHiddenLayers());
    assertEquals(1536, c.intermediateSize());
    assertEquals(30522, c.vocabSize());
    assertEquals(512, c.maxPositionEmbeddings());
    assertEquals(2, c.typeVocabSize());
    assertEquals(1e-12, c.layerNormEps());
    assertEquals("gelu", c.hiddenAct());
    assertEquals(0.1, c.hiddenDropout());
    assertEquals(0.1, c.attentionDropout());
    assertEquals(0.1, c.classifierDropout());
    assertEquals(0.02, c.initializerRange());
    assertEquals(List.of(), c.labels());
  }

  @Test
  void unknownKeysSurviveTheRoundTrip() {
    Config c =
        parse("{\"hidden_size\": 8, \"x\": {\"y\": [1, 2.5, null, true, \"z\"]}, \"eps\": 1e-12}");
    Config again = parse(c.with("num_hidden_layers", 3).toJson());
    assertEquals(c.with("num_hidden_layers", 3), again);
    assertTrue(again.toJson().contains("2.5"));
    assertTrue(again.has("x"));
    assertEquals(1e-12, again.doubleOr("eps", 0));
    assertFalse(c.has("num_hidden_layers"));
  }

  @Test
  void labelsAreWrittenBothWays() {
    Config c = Config.bert(1, 4, 2, 8, 6, 5, 2).withLabels(List.of("neg", "pos"));
    assertEquals(List.of("neg", "pos"), parse(c.toJson()).labels());
    assertTrue(c.toString().contains("\"label2id\":{\"neg\":0,\"pos\":1}"), c.toString());
    assertThrows(IllegalArgumentException.class, () -> c.withLabels(List.of("a", "a")));
  }

  @Test
  void labelsWithoutNamesAreNumbered() {
    assertEquals(List.of("LABEL_0", "LABEL_1"), parse("{\"num_labels\": 2}").labels());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"hidden_size\": 384, \"num_attention_heads\": 7}"
            + "| hidden_size 384 is not a multiple of num_attention_heads 7",
        "{\"hidden_size\": 0} | hidden_size is 0; it must be an integer from 1 to 16777216",
        "{\"hidden_size\": 3.5} | hidden_size is 3.5; it must be an integer",
        "{\"hidden_size\": \"8\"} | hidden_size is \"8\"; it must be an integer",
        "{\"vocab_size\": 99999999999} | vocab_size is 99999999999; it must be an integer",
        "{\"hidden_dropout_prob\": 1} | hidden_dropout_prob is 1; it must be a number from 0.0 to",
        "{\"layer_norm_eps\": 0} | layer_norm_eps is 0; it must be a number from",
        "{\"layer_norm_eps\": 1e999} | layer_norm_eps",
        "{\"id2label\": {\"0\": \"a\", \"2\": \"b\"}} | without holes",
        "{\"id2label\": [\"a\"]} | id2label is [\"a\"]; it must be",
        "{\"id2label\": {\"0\": \"a\"}, \"num_labels\": 3} | num_labels is 3 but id2label has 1",
        "{\"num_labels\": -1} | num_labels is -1",
      })
  void aConfigurationThatMakesNoSenseIsRefused(String json, String rule) {
    refused(json, rule);
  }

  @Test
  void aMissingSizeIsNamedWhenItIsNeeded() {
    Config c = parse("{\"hidden_size\": null}");
    String e = Refusal.of(c::hiddenSize);
    assertEquals("dir/config.json: the key 'hidden_size' is missing", e);
    assertThrows(CheckpointException.class, c::modelType);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{} {}",
        "{\"a\": 1, \"a\": 2}",
        "{\"a\": {\"b\": 1, \"b\": 1}}",
        "{'a': 1}",
        "{\"a\": NaN}",
        "{\"a\": 1,}",
        "// c\n{}",
        "\uFEFF{}",
      })
  void whatIsNotStrictJsonIsRefused(String json) {
    refused(json, "JSON");
  }

  @Test
  void deepNestingIsRefusedAndNotFollowed() {
    refused("{\"a\":" + "[".repeat(100_000), "JSON");
  }

  @Test
  void invalidUtf8IsRefused() {
    byte[] bytes = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
    String e = Refusal.of(() -> Config.parse(bytes, "config.json"));
    assertTrue(e.contains("UTF-8"), e);
  }

  private static void refused(String json, String rule) {
    Refusal.says("dir/config.json: ", rule, () -> parse(json));
  }

  private static Config parse(String json) {
    return Config.parse(json.getBytes(StandardCharsets.UTF_8), "dir/config.json");
  }
}
