package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Tokenizers;
import dev.bulwark.nn.text.Vocabulary;
import dev.bulwark.nn.text.WordPieceOptions;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceFolderTest {
  private static final Config CONFIG =
      Config.bert(
              1,
              TinyBert.HIDDEN,
              TinyBert.HEADS,
              TinyBert.INNER,
              TinyBert.VOCABULARY,
              TinyBert.POSITIONS,
              2)
          .withLabels(List.of("neg", "pos|itive"));
  private static final Tokenizer TOKENIZER =
      Tokenizers.fromVocab(
          Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello")),
          WordPieceOptions.uncased());
  private static final ModelCard CARD =
      new ModelCard("Tiny", "A *tiny* model.", Map.of("accuracy", "0.5"));

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void nameTheFolder() {
    folder = temporary.resolve("model");
  }

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    save(classifier());
    try (Checkpoint model = HuggingFaceFolder.open(folder)) {
      assertEquals(List.of("BertForSequenceClassification"), model.config().architectures());
      assertEquals(List.of("neg", "pos|itive"), model.config().labels());
      assertEquals(classifier().keySet(), model.weights().names());
      classifier()
          .forEach((name, tensor) ->
              assertArrayEquals(
                  tensor.toFloats(), model.weights().get(name, tensor.shape()).toFloats(), name));
      assertTrue(model.encoder().has("embeddings.word_embeddings.weight"));
      assertEquals(TOKENIZER.vocabulary().tokens(), model.tokenizer().vocabulary().tokens());
      assertEquals(Set.of("config.json", "model.safetensors"), model.digests().keySet());
      assertTrue(model.digests().getOrDefault("config.json", "").matches("sha256:[0-9a-f]{64}"));
    }
    String card = Files.readString(folder.resolve("README.md"));
    assertTrue(card.contains("| accuracy | 0.5 |"), card);
    assertTrue(card.contains("| 1 | pos\\|itive |"), card);
    assertTrue(card.contains("AutoModelForSequenceClassification.from_pretrained"), card);
  }

  @Test
  void aModelIsReplacedByItsSuccessor() throws IOException {
    save(classifier());
    Map<String, Tensor> other = classifier();
    other.put("classifier.bias", Tensor.of(Shape.of(2), 7f, 8f));
    save(other);
    try (Checkpoint model = HuggingFaceFolder.open(folder)) {
      assertArrayEquals(
          new float[] {7, 8}, model.weights().get("classifier.bias", Shape.of(2)).toFloats());
    }
    try (var files = Files.list(temporary)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aReplacementCutInTwoByACrashIsFinishedWhenTheModelIsOpened() throws IOException {
    save(bare());
    String id = "-0123456789abcdef";
    Files.move(folder, temporary.resolve(".tmp-model" + id));
    Files.createDirectory(temporary.resolve(".old-model" + id));
    try (Checkpoint model = Models.open(folder.toString())) {
      assertEquals(bare().keySet(), model.weights().names());
    }
    try (var files = Files.list(temporary)) {
      assertEquals(List.of(folder), files.toList());
    }
  }

  @Test
  void theArchitectureFollowsTheWeights() throws IOException {
    save(bare());
    assertEquals(List.of("BertModel"), Config.read(folder.resolve("config.json")).architectures());
    Map<String, Tensor> mlm = new LinkedHashMap<>();
    bare().forEach((n, t) -> mlm.put("bert." + n, t));
    mlm.put("cls.predictions.bias", Tensor.zeros(Shape.of(TinyBert.VOCABULARY), DType.F32));
    save(mlm);
    assertEquals(
        List.of("BertForMaskedLM"), Config.read(folder.resolve("config.json")).architectures());
  }

  @Test
  void whatDoesNotBelongTogetherIsNotSaved() {
    Map<String, Tensor> weights = classifier();
    weights.put("classifier.weight", Tensor.zeros(Shape.of(3, TinyBert.HIDDEN), DType.F32));
    refused("3 labels; set them", weights, "has 2 labels");
    weights.put("classifier.weight", Tensor.zeros(Shape.of(2, TinyBert.HIDDEN), DType.F64));
    refused("cast it to F32", weights, "cast it to F32");
    weights.remove("classifier.weight");
    refused("no head", weights, "no head that is known");
    weights.remove("bert.embeddings.word_embeddings.weight");
    refused("no words", weights, "is missing but the configuration needs [6, 4]");
    String e =
        Refusal.of(
            IllegalArgumentException.class,
            () ->
                HuggingFaceFolder.save(
                    folder, CONFIG.with("vocab_size", 5), classifier(), TOKENIZER, CARD));
    assertTrue(e.contains("the tokenizer has 6 tokens but vocab_size is 5"), e);
    assertTrue(Files.notExists(folder));
  }

  @Test
  void shardsAreOneModel() throws IOException {
    save(bare());
    Files.delete(folder.resolve("model.safetensors"));
    Map<String, Tensor> first = new LinkedHashMap<>();
    Map<String, Tensor> second = new LinkedHashMap<>();
    StringBuilder map = new StringBuilder();
    bare()
        .forEach((name, tensor) -> {
          boolean early = name.startsWith("embeddings");
          (early ? first : second).put(name, tensor);
          map.append(map.isEmpty() ? "" : ", ")
              .append("\"%s\": \"%s.safetensors\"".formatted(name, early ? "m-1" : "m-2"));
        });
    Safetensors.write(folder.resolve("m-1.safetensors"), first);
    Safetensors.write(folder.resolve("m-2.safetensors"), second);
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\": {" + map + "}}");
    try (Checkpoint model = HuggingFaceFolder.open(folder)) {
      assertEquals(bare().keySet(), model.weights().names());
      assertEquals(
          Set.of("config.json", "m-1.safetensors", "m-2.safetensors"), model.digests().keySet());
    }
    Files.writeString(index, "{\"weight_map\": {\"a\": \"../m-1.safetensors\"}}");
    refusedToOpen("../m-1.safetensors");
  }

  @Test
  void oldNamesAndOtherTypesAreTakenInStride() throws IOException {
    save(bare());
    Map<String, Tensor> old = new LinkedHashMap<>();
    old.put("bert.embeddings.LayerNorm.gamma", Tensor.of(Shape.of(2), 1f, 2f).cast(DType.F16));
    old.put("bert.embeddings.LayerNorm.beta", Tensor.of(Shape.of(2), 3.0, 4.0));
    old.put("bert.embeddings.position_ids", Tensor.of(Shape.of(1, 3), 0, 1, 2));
    Safetensors.write(folder.resolve("model.safetensors"), old);
    try (Checkpoint model = HuggingFaceFolder.open(folder)) {
      Weights norm = model.encoder().under("embeddings.LayerNorm");
      assertEquals(Set.of("weight", "bias"), norm.names());
      assertArrayEquals(new float[] {1, 2}, norm.get("weight", Shape.of(2)).toFloats());
      assertEquals(DType.F32, norm.get("bias", Shape.of(2)).dtype());
    }
  }

  @Test
  void aFolderThatIsNoModelIsRefused() throws IOException {
    Files.createDirectory(folder);
    refusedToOpen("there is no config.json");
    Files.writeString(folder.resolve("config.json"), "{}");
    refusedToOpen("there is no model.safetensors");
    Files.writeString(folder.resolve("pytorch_model.bin"), "");
    refusedToOpen("safe_serialization=True");
    Files.write(folder.resolve("model.safetensors"), new byte[] {1, 2, 3});
    refusedToOpen("model.safetensors");
  }

  @Test
  void aTokenizerThatIsTooLargeIsRefused() throws IOException {
    save(bare());
    Path config = folder.resolve("config.json");
    Files.writeString(config, Config.read(config).with("vocab_size", 5).toJson());
    try (Checkpoint model = HuggingFaceFolder.open(folder)) {
      String e = Refusal.of(model::tokenizer);
      assertTrue(e.contains("6 tokens but vocab_size is 5"), e);
    }
  }

  @Test
  void aClosedModelSaysSo() throws IOException {
    save(bare());
    Checkpoint model = HuggingFaceFolder.open(folder);
    model.close();
    model.close();
    assertThrows(IllegalStateException.class, model::tokenizer);
    assertThrows(
        IllegalStateException.class,
        () -> model.weights().get("pooler.dense.bias", Shape.of(TinyBert.HIDDEN)));
  }

  private void refusedToOpen(String rule) {
    Refusal.says(temporary.toString(), rule, () -> HuggingFaceFolder.open(folder));
  }

  private void refused(String what, Map<String, Tensor> weights, String rule) {
    String e = Refusal.of(IllegalArgumentException.class, () -> save(weights));
    assertTrue(e.contains(rule), what + ": " + e);
  }

  private void save(Map<String, Tensor> weights) throws IOException {
    HuggingFaceFolder.save(folder, CONFIG, weights, TOKENIZER, CARD);
  }

  private static Map<String, Tensor> bare() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    TinyBert.shapes()
        .forEach(
            (name, shape) -> weights.put(name, Tensor.of(shape, TinyBert.values(name, shape))));
    return weights;
  }

  private static Map<String, Tensor> classifier() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    bare().forEach((name, tensor) -> weights.put("bert." + name, tensor));
    weights.put("classifier.weight", Tensor.zeros(Shape.of(2, TinyBert.HIDDEN), DType.F32));
    weights.put("classifier.bias", Tensor.zeros(Shape.of(2), DType.F32));
    return weights;
  }
}
