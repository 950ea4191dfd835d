package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The published models themselves. Expected values were read from the same files by Python's {@code
 * onnx} and {@code numpy}. MiniLM is a dependency of the tests; the others take part when their jar
 * is in the local Maven repository.
 */
class RealModelsTest {
  @Test
  void miniLmIsRead() throws IOException {
    try (Checkpoint model = Models.open("all-minilm-l6-v2")) {
      Weights weights = model.weights();
      assertEquals(5 + 6 * 16 + 2, weights.names().size());
      assertTrue(weights.names().stream().noneMatch(n -> n.contains("onnx")));
      Config c = model.config();
      assertEquals(
          List.of(6, 384, 12, 1536, 30522, 512, 2),
          List.of(
              c.numHiddenLayers(),
              c.hiddenSize(),
              c.numAttentionHeads(),
              c.intermediateSize(),
              c.vocabSize(),
              c.maxPositionEmbeddings(),
              c.typeVocabSize()));
      Tensor word = weights.get("embeddings.word_embeddings.weight", Shape.of(30522, 384));
      assertEquals(-0.019989014f, at(word, 0, 0));
      assertEquals(-0.061677366f, at(word, 101, 383));
      assertSum(138.05072214923618, word);
      Tensor query = weights.get("encoder.layer.0.attention.self.query.weight", Shape.of(384, 384));
      assertEquals(-0.14861962f, at(query, 0, 0));
      assertEquals(0.008994132f, at(query, 3, 200));
      assertSum(13.52819408863644, query);
      Tensor inner = weights.get("encoder.layer.5.intermediate.dense.weight", Shape.of(1536, 384));
      assertEquals(0.032631323f, at(inner, 1535, 383));
      assertEquals(0.018543137f, at(inner, 77, 5));
      Tensor pooler = weights.get("pooler.dense.weight", Shape.of(384, 384));
      assertEquals(-0.022445679f, at(pooler, 0, 1));
      assertEquals(0.0049095154f, at(pooler, 383, 0));
      Tensor norm = weights.get("encoder.layer.3.output.LayerNorm.weight", Shape.of(384));
      assertEquals(0.7203124f, norm.toFloats()[0]);
      assertArrayEquals(
          new int[] {101, 7592, 2088, 102}, model.tokenizer().encode("hello world", 128).ids());
      assertEquals(
          "sha1:63c7d499e250fd3a980993ac7acb8e966563188a",
          model.digests().values().iterator().next());
    }
  }

  @Test
  void bertBaseIsRead() throws IOException {
    try (Checkpoint model = openIfPresent("bert-base-uncased")) {
      Weights weights = model.weights();
      assertEquals(204, weights.names().size());
      Config c = model.config();
      assertEquals(
          List.of(12, 768, 12, 3072, 30522, 512, 2),
          List.of(
              c.numHiddenLayers(),
              c.hiddenSize(),
              c.numAttentionHeads(),
              c.intermediateSize(),
              c.vocabSize(),
              c.maxPositionEmbeddings(),
              c.typeVocabSize()));
      Tensor word = weights.get("bert.embeddings.word_embeddings.weight", Shape.of(30522, 768));
      assertEquals(-0.010182573f, at(word, 0, 0));
      assertEquals(-0.035823807f, at(word, 30521, 3));
      assertSum(-656919.5828168299, word);
      Weights layers = model.encoder().under("encoder.layer");
      Tensor query = layers.get("11.attention.self.query.weight", Shape.of(768, 768));
      assertEquals(-0.00092541723f, at(query, 0, 1));
      assertEquals(-0.06491017f, at(query, 1, 0));
      Tensor inner = layers.get("0.intermediate.dense.weight", Shape.of(3072, 768));
      assertEquals(-0.009367017f, at(inner, 3071, 0));
      assertEquals(0.018113364f, at(inner, 5, 767));
      Tensor transform = weights.get("cls.predictions.transform.dense.weight", Shape.of(768, 768));
      assertEquals(0.014692219f, at(transform, 0, 1));
      assertEquals(-0.08322709f, at(transform, 767, 0));
      assertSum(-6889.966620821819, weights.get("cls.predictions.bias", Shape.of(30522)));
      weights.names().forEach(n -> weights.get(n, weights.shape(n))); // every checksum holds
      assertArrayEquals(
          new int[] {101, 7592, 2088, 102}, model.tokenizer().encode("hello world", 128).ids());
    }
  }

  @Test
  void theOtherSmallEncodersAreRead() throws IOException {
    for (String name : List.of("bge-small-en-v15", "e5-small-v2")) {
      try (Checkpoint model = openIfPresent(name)) {
        assertEquals(197, model.weights().names().size(), name);
        assertEquals(12, model.config().numHiddenLayers(), name);
        assertEquals(12, model.config().numAttentionHeads(), name);
        assertEquals(30522, model.tokenizer().vocabulary().size(), name);
      }
    }
  }

  private static Checkpoint openIfPresent(String name) throws IOException {
    MavenRepository maven = MavenRepository.ofUser();
    String coordinates =
        Models.known().stream()
            .filter(k -> k.name().equals(name))
            .findFirst()
            .orElseThrow()
            .coordinates();
    assumeTrue(
        Files.exists(maven.jar(MavenRepository.Coordinates.parse(coordinates).orElseThrow())),
        "the jar of " + name + " is not in the local Maven repository: " + coordinates);
    return Models.open(name);
  }

  private static float at(Tensor matrix, int row, int column) {
    return matrix.toFloats()[row * matrix.dim(1) + column];
  }

  private static void assertSum(double expected, Tensor tensor) {
    double sum = 0;
    for (float x : tensor.toFloats()) {
      sum += x;
    }
    assertEquals(expected, sum, 1e-6 * Math.abs(expected));
  }
}
