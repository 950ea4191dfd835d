package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TfBundleTest {
  @Test
  void everyWeightComesUnderItsHuggingFaceNameAndOutFirst() {
    Weights weights = read(TfFiles.tinyBert());
    Set<String> expected = new TreeSet<>(Set.of("cls.predictions.bias"));
    TinyBert.shapes().keySet().forEach(n -> expected.add("bert." + n));
    assertEquals(expected, weights.names());
    TinyBert.shapes()
        .forEach((name, shape) ->
            assertArrayEquals(
                TinyBert.values(name, shape), weights.get("bert." + name, shape).toFloats(), name));
  }

  @ParameterizedTest
  @CsvSource({
    "module/bert/embeddings/word_embeddings, bert.embeddings.word_embeddings.weight",
    "module/bert/embeddings/LayerNorm/gamma, bert.embeddings.LayerNorm.weight",
    "bert/encoder/layer_11/attention/self/query/kernel,"
        + " bert.encoder.layer.11.attention.self.query.weight",
    "bert/encoder/layer_0/output/LayerNorm/beta, bert.encoder.layer.0.output.LayerNorm.bias",
    "cls/predictions/output_bias, cls.predictions.bias",
    "cls/predictions/transform/dense/kernel, cls.predictions.transform.dense.weight",
    "cls/seq_relationship/output_weights, cls.seq_relationship.weight"
  })
  void namesFollowHuggingFacesConverter(String google, String huggingFace) {
    assertEquals(huggingFace, TfBundle.huggingFaceName(google));
  }

  @Test
  void aFlippedBitInTheDataIsFoundWhenTheTensorIsRead() {
    TfFiles files = TfFiles.tinyBert();
    byte[] data = files.data();
    data[2] ^= 1;
    Weights weights = read(files.index(), data);
    String name = "bert.embeddings.word_embeddings.weight";
    String e = Refusal.of(() -> weights.get(name, weights.shape(name)));
    assertTrue(e.contains("'" + name + "' is damaged"), e);
    String other = "bert.pooler.dense.bias";
    weights.get(other, weights.shape(other));
  }

  @Test
  void aFlippedBitInTheIndexIsFound() {
    byte[] index = TfFiles.tinyBert().index();
    index[10] ^= 4;
    refused("checksum", index, TfFiles.tinyBert().data());
  }

  @Test
  void aShortDataFileIsRefused() {
    TfFiles files = TfFiles.tinyBert();
    refused("is the file complete?", files.index(), new byte[files.data().length - 1]);
  }

  @Test
  void aShortIndexIsRefused() {
    byte[] index = TfFiles.tinyBert().index();
    refused("is the file complete?", Arrays.copyOf(index, index.length - 1), new byte[0]);
    refused("is the file complete?", new byte[47], new byte[0]);
  }

  @Test
  void impossibleEntriesAreRefused() {
    Shape two = Shape.of(2);
    refused("8 bytes where shape [2, 2] needs 16", TfFiles.message(Shape.of(2, 2), 0, 8, 0));
    refused("outside of the data file", TfFiles.message(two, Long.MAX_VALUE - 3, 8, 0));
    refused("outside of the data file", TfFiles.message(two, -8, 8, 0));
    refused("data file 3", TfFiles.message(two, 0, 8, 0).varint(3, 3));
    refused("stored in slices", TfFiles.message(two, 0, 8, 0).bytes(7, new byte[0]));
    ProtoWriter huge = new ProtoWriter().message(2, new ProtoWriter().varint(1, 1L << 40));
    refused("impossible shape", new ProtoWriter().varint(1, 1).message(2, huge));
  }

  @Test
  void overlappingTensorsAreRefused() {
    TfFiles files = new TfFiles();
    files.entry("a", TfFiles.message(Shape.of(2), 0, 8, 0), new byte[8]);
    files.entry("b", TfFiles.message(Shape.of(2), 4, 8, 0), new byte[8]);
    refused("'b' overlaps", files.index(), files.data());
  }

  @Test
  void twoTensorsForOneNameAreRefused() {
    TfFiles files = new TfFiles();
    files.put("a/LayerNorm/gamma", Shape.of(1), new byte[4]);
    files.put("module/a/LayerNorm/gamma", Shape.of(1), new byte[4]);
    refused("two tensors for 'a.LayerNorm.weight'", files.index(), files.data());
  }

  @Test
  void severalDataFilesAreRefused() {
    TfFiles files = new TfFiles();
    files.entry("", new ProtoWriter().varint(1, 2), new byte[0]);
    refused("2 data files", files.index(), files.data());
  }

  @Test
  void checksumsAreTensorFlowsMaskedCrc32c() {
    // RFC 3720, B.4: 32 bytes of zeros.
    assertEquals(0x8a9136aaL, Crc32c.of(MemorySegment.ofArray(new byte[32])));
    assertEquals(0x8a9136aaL, Crc32c.unmask(Crc32c.mask(0x8a9136aaL)));
  }

  @Test
  void damagedIndexesAreRefusedAndNothingWorse() {
    TfFiles files = TfFiles.tinyBert();
    byte[] data = files.data();
    int refused = Mutations.run(2, 3_000, files.index(), f -> readAll(f, data));
    assertTrue(refused > 2_000, "only " + refused + " of 3,000 damaged indexes were refused");
  }

  @Test
  void damagedIndexesWithGoodChecksumsAreRefusedAndNothingWorse() {
    TfFiles files = TfFiles.tinyBert();
    byte[] data = files.data();
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 4_000; i++) {
      byte[] index = files.index(b -> random.nextInt(3) == 0 ? Mutations.mutate(b, random) : b);
      try {
        readAll(index, data);
      } catch (CheckpointException e) {
        refused++;
      }
    }
    assertTrue(refused > 1_000, "only " + refused + " of 4,000 damaged indexes were refused");
  }

  private static void readAll(byte[] index, byte[] data) {
    Weights weights = read(index, data);
    for (String name : weights.names()) {
      weights.get(name, weights.shape(name));
    }
  }

  private static void refused(String rule, ProtoWriter entry) {
    TfFiles files = new TfFiles().entry("a", entry, new byte[8]);
    refused(rule, files.index(), files.data());
  }

  private static void refused(String rule, byte[] index, byte[] data) {
    Refusal.says("tiny: ", rule, () -> read(index, data));
  }

  private static Weights read(TfFiles files) {
    return read(files.index(), files.data());
  }

  private static Weights read(byte[] index, byte[] data) {
    return TfBundle.read(MemorySegment.ofArray(index), MemorySegment.ofArray(data), "tiny");
  }
}
