package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private final Weights weights =
      Weights.of(
          "model.safetensors",
          Map.of(
              "bert.pooler.dense.bias", Tensor.of(Shape.of(2), 1f, 2f),
              "bert.pooler.dense.weight", Tensor.of(Shape.of(1, 2), 3f, 4f),
              "classifier.weight", Tensor.of(Shape.of(1), 5f)));

  @Test
  void aPrefixNarrowsTheView() {
    Weights dense = weights.under("bert").under("pooler.dense");
    assertEquals(Set.of("bias", "weight"), dense.names());
    assertTrue(dense.has("bias"));
    assertFalse(dense.has("dense.bias"));
    assertArrayEquals(new float[] {3, 4}, dense.get("weight", Shape.of(1, 2)).toFloats());
    assertEquals(Shape.of(2), dense.shape("bias"));
    assertEquals(weights.names(), weights.under("").names());
    assertEquals(Set.of(), weights.under("ber").names());
  }

  @Test
  void aMissingTensorIsNamedWithItsNeighbours() {
    Weights pooler = weights.under("bert.pooler");
    String e = Refusal.of(() -> pooler.get("dens.bias", Shape.of(2)));
    assertEquals(
        "model.safetensors: there is no tensor 'bert.pooler.dens.bias'; the nearest names are"
            + " bert.pooler.dense.bias, bert.pooler.dense.weight, classifier.weight",
        e);
    assertEquals(Optional.empty(), pooler.find("dens.bias"));
    assertTrue(pooler.find("dense.bias").isPresent());
  }

  @Test
  void aWrongShapeNamesBoth() {
    String e = Refusal.of(() -> weights.get("classifier.weight", Shape.of(3, 4)));
    assertEquals(
        "model.safetensors: tensor 'classifier.weight' has shape [1] where the model needs"
            + " [3, 4]; do config and weights belong together?",
        e);
  }

  @Test
  void anEmptySourceSaysSo() {
    Weights none = Weights.of("empty", Map.of());
    String e = Refusal.of(() -> none.shape("a"));
    assertEquals("empty: there is no tensor 'a'; the file has none at all", e);
  }

  @Test
  void readingAfterCloseIsAClearError() {
    Weights stored;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(8);
      stored =
          new StoredWeights(
              "f",
              Map.of(
                  "w",
                  new StoredTensor(DType.F32, Shape.of(2), false, bytes, StoredTensor.UNCHECKED)));
      stored.get("w", Shape.of(2));
    }
    String e = Refusal.of(IllegalStateException.class, () -> stored.get("w", Shape.of(2)));
    assertTrue(e.contains("after the checkpoint was closed"), e);
  }

  @Test
  void aLargeMatrixIsTurned() {
    int rows = 67;
    int columns = 45;
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    byte[] bytes = TinyBert.bytes(values, Shape.of(columns, rows), false);
    StoredTensor stored =
        new StoredTensor(
            DType.F32,
            Shape.of(rows, columns),
            true,
            MemorySegment.ofArray(bytes),
            StoredTensor.UNCHECKED);
    float[] turned = stored.read().toFloats();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        assertEquals(values[r * columns + c], turned[c * rows + r]);
      }
    }
  }

  @Test
  void distancesAreThoseOfLevenshtein() {
    assertEquals(3, Nearest.distance("kitten", "sitting"));
    assertEquals(0, Nearest.distance("", ""));
    assertEquals(4, Nearest.distance("", "abcd"));
  }
}
