package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OnnxWeightsTest {
  @Test
  void everyWeightComesUnderItsHuggingFaceNameAndOutFirst() {
    Weights weights = weights(OnnxFiles.tinyBert());
    assertEquals(TinyBert.shapes().keySet(), weights.names());
    TinyBert.shapes()
        .forEach((name, shape) ->
            assertArrayEquals(
                TinyBert.values(name, shape), weights.get(name, shape).toFloats(), name));
  }

  @Test
  void headsAreReadFromTheGraph() {
    OnnxWeights onnx = OnnxWeights.read(segment(OnnxFiles.tinyBert()), "tiny.onnx");
    assertEquals(TinyBert.HEADS, onnx.heads(TinyBert.HIDDEN, 77));
    assertEquals(77, onnx.heads(TinyBert.HIDDEN + 1, 77));
  }

  @Test
  void theConfigurationFollowsFromTheShapes() {
    Config config = EncoderSizes.config(weights(OnnxFiles.tinyBert()), TinyBert.HEADS);
    assertEquals(1, config.numHiddenLayers());
    assertEquals(TinyBert.HIDDEN, config.hiddenSize());
    assertEquals(TinyBert.INNER, config.intermediateSize());
    assertEquals(TinyBert.VOCABULARY, config.vocabSize());
    assertEquals(TinyBert.POSITIONS, config.maxPositionEmbeddings());
    assertEquals(2, config.typeVocabSize());
    assertEquals(1e-12, config.layerNormEps());
    assertEquals("gelu", config.hiddenAct());
  }

  @Test
  void halfBfloatAndDoubleBecomeFloat() {
    byte[] halves = {0, 0x3e, 0, (byte) 0xc0};
    byte[] bfloats = {(byte) 0xc0, 0x3f, 0, (byte) 0xc0};
    byte[] doubles = {0, 0, 0, 0, 0, 0, (byte) 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, (byte) 0xc0};
    ProtoWriter graph = new ProtoWriter();
    graph.message(5, OnnxFiles.tensor("half", halves, 10, 2));
    graph.message(5, OnnxFiles.tensor("bfloat", bfloats, 16, 2));
    graph.message(5, OnnxFiles.tensor("double", doubles, 11, 2));
    Weights weights = weights(OnnxFiles.model(graph));
    for (String name : weights.names()) {
      assertArrayEquals(new float[] {1.5f, -2}, weights.get(name, Shape.of(2)).toFloats(), name);
    }
    assertEquals(3, weights.names().size());
  }

  @Test
  void floatDataAndPackedDimensionsAreRead() {
    ProtoWriter tensor =
        new ProtoWriter()
            .bytes(1, new ProtoWriter().raw(1).raw(2).toBytes())
            .varint(2, 1)
            .bytes(4, TinyBert.bytes(new float[] {3, 4}, Shape.of(2), false))
            .string(8, "w");
    Weights weights = weights(OnnxFiles.model(new ProtoWriter().message(5, tensor)));
    assertArrayEquals(new float[] {3, 4}, weights.get("w", Shape.of(1, 2)).toFloats());
  }

  @Test
  void externalDataIsRefusedWhereverItPoints() {
    for (String location : new String[] {"weights.bin", "../../etc/passwd", "/etc/passwd"}) {
      ProtoWriter entry = new ProtoWriter().string(1, "location").string(2, location);
      ProtoWriter tensor =
          new ProtoWriter()
              .varint(1, 2)
              .varint(2, 1)
              .string(8, "w")
              .message(13, entry)
              .varint(14, 1);
      refused("in another file", new ProtoWriter().message(5, tensor));
    }
  }

  @Test
  void quantisedWeightsAreRefusedWithTheFix() {
    ProtoWriter graph = new ProtoWriter();
    graph.message(5, OnnxFiles.tensor("table_quantized", new byte[8], 2, 2, 4));
    refused("quantised; use the floating-point version", graph);
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    refused("12 bytes of elements", one("w", new byte[12], 1, 4));
    refused("impossible shape", one("w", new byte[12], 1, 1 << 20, 1 << 20));
    refused("impossible shape", one("w", new byte[12], 1, -3));
    refused("more than 8 dimensions", one("w", new byte[4], 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
  }

  @Test
  void twoWeightsOfOneNameAreRefused() {
    ProtoWriter graph = one("w", new byte[4], 1, 1);
    refused("'w' is there twice", graph.message(5, OnnxFiles.tensor("w", new byte[4], 1, 1)));
  }

  @Test
  void anAnonymousWeightOfAnAnonymousNodeIsRefused() {
    ProtoWriter graph = one("onnx::MatMul_7", new byte[4], 1, 1, 1);
    refused(
        "PyTorch 1.13",
        graph.message(1, OnnxFiles.node("MatMul", "MatMul_3", "x", "onnx::MatMul_7")));
  }

  @Test
  void whatIsNoModelIsRefused() {
    refused("no graph", new byte[0]);
    refused("damaged message", "PK\3\4 not a model at all".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void damagedFilesAreRefusedAndNothingWorse() {
    int refused = Mutations.run(1, 6_000, OnnxFiles.tinyBert(), OnnxWeightsTest::readAll);
    assertTrue(refused > 500, "only " + refused + " of 6,000 damaged files were refused");
  }

  private static void readAll(byte[] file) {
    OnnxWeights onnx = OnnxWeights.read(segment(file), "bad.onnx");
    Weights weights = onnx.weights();
    for (String name : weights.names()) {
      weights.get(name, weights.shape(name));
    }
    EncoderSizes.config(weights, onnx.heads(EncoderSizes.hidden(weights), 12));
  }

  private static ProtoWriter one(String name, byte[] raw, int type, int... dims) {
    return new ProtoWriter().message(5, OnnxFiles.tensor(name, raw, type, dims));
  }

  private static void refused(String rule, ProtoWriter graph) {
    refused(rule, OnnxFiles.model(graph));
  }

  private static void refused(String rule, byte[] file) {
    Refusal.says("tiny.onnx: ", rule, () -> weights(file));
  }

  private static Weights weights(byte[] file) {
    return OnnxWeights.read(segment(file), "tiny.onnx").weights();
  }

  private static MemorySegment segment(byte[] file) {
    return MemorySegment.ofArray(file);
  }
}
