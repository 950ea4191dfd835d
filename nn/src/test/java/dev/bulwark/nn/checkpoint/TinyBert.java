package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** An encoder small enough to be written out byte by byte, in the forms that files have. */
final class TinyBert {
  static final int VOCABULARY = 6;
  static final int HIDDEN = 4;
  static final int HEADS = 2;
  static final int INNER = 8;
  static final int POSITIONS = 5;

  private TinyBert() {}

  /** Shapes by Hugging Face name, without a prefix. */
  static Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("embeddings.word_embeddings.weight", Shape.of(VOCABULARY, HIDDEN));
    shapes.put("embeddings.position_embeddings.weight", Shape.of(POSITIONS, HIDDEN));
    shapes.put("embeddings.token_type_embeddings.weight", Shape.of(2, HIDDEN));
    norm(shapes, "embeddings.LayerNorm");
    for (String each : new String[] {"query", "key", "value"}) {
      linear(shapes, "encoder.layer.0.attention.self." + each, HIDDEN, HIDDEN);
    }
    linear(shapes, "encoder.layer.0.attention.output.dense", HIDDEN, HIDDEN);
    norm(shapes, "encoder.layer.0.attention.output.LayerNorm");
    linear(shapes, "encoder.layer.0.intermediate.dense", INNER, HIDDEN);
    linear(shapes, "encoder.layer.0.output.dense", HIDDEN, INNER);
    norm(shapes, "encoder.layer.0.output.LayerNorm");
    linear(shapes, "pooler.dense", HIDDEN, HIDDEN);
    return shapes;
  }

  private static void linear(Map<String, Shape> shapes, String name, int out, int in) {
    shapes.put(name + ".weight", Shape.of(out, in));
    shapes.put(name + ".bias", Shape.of(out));
  }

  private static void norm(Map<String, Shape> shapes, String name) {
    shapes.put(name + ".weight", Shape.of(HIDDEN));
    shapes.put(name + ".bias", Shape.of(HIDDEN));
  }

  /** The values every test expects: different for each name and place. */
  static float[] values(String name, Shape shape) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = name.hashCode() % 1000 + i / 128f;
    }
    return values;
  }

  static boolean isLinear(String name) {
    return name.endsWith(".weight") && !name.contains("LayerNorm") && !name.contains("embeddings");
  }

  /** Little-endian floats; a matrix {@code [out, in]} is turned to {@code [in, out]} if asked. */
  static byte[] bytes(float[] values, Shape shape, boolean transpose) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    if (!transpose) {
      out.asFloatBuffer().put(values);
      return out.array();
    }
    for (int c = 0; c < shape.dim(1); c++) {
      for (int r = 0; r < shape.dim(0); r++) {
        out.putFloat(values[r * shape.dim(1) + c]);
      }
    }
    return out.array();
  }
}
