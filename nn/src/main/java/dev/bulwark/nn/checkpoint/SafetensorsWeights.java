package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.io.TensorFile;
import dev.bulwark.tensor.io.TensorFileException;
import dev.bulwark.tensor.io.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights of a Hugging Face folder. */
final class SafetensorsWeights extends NamedWeights<SafetensorsWeights.Entry>
    implements AutoCloseable {
  private final TensorFile file;
  private volatile boolean closed;

  /**
   * A tensor of the file.
   *
   * @param stored its name in the file
   * @param shape its shape
   */
  record Entry(String stored, Shape shape) {}

  private SafetensorsWeights(String where, TensorFile file, Map<String, Entry> entries) {
    super(where, entries);
    this.file = file;
  }

  /**
   * The weights of an open file.
   *
   * @param file the file, closed with the weights
   * @param where what to call it
   */
  static SafetensorsWeights of(TensorFile file, String where) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (TensorInfo info : file.tensors().values()) {
      DType type = info.dtype();
      if (type == null && info.storedType().startsWith("F")) {
        throw CheckpointException.at(
            where,
            "tensor '%s' is stored as %s, which is not read; save the model in F32, F16 or BF16"
                .formatted(info.name(), info.storedType()));
      }
      if (type != null && type.isFloating()) {
        String name = modernName(info.name());
        if (entries.put(name, new Entry(info.name(), shape(info, where))) != null) {
          throw CheckpointException.at(where, "there are two tensors for '" + name + "'");
        }
      }
    }
    return new SafetensorsWeights(where, file, entries);
  }

  /** Old BERTs still carry TensorFlow's names for the parameters of layer norms. */
  static String modernName(String name) {
    if (name.endsWith("LayerNorm.gamma")) {
      return name.substring(0, name.length() - "gamma".length()) + "weight";
    }
    if (name.endsWith("LayerNorm.beta")) {
      return name.substring(0, name.length() - "beta".length()) + "bias";
    }
    return name;
  }

  private static Shape shape(TensorInfo info, String where) {
    try {
      return Shape.of(Arrays.stream(info.shape()).mapToInt(Math::toIntExact).toArray());
    } catch (ShapeException | ArithmeticException e) {
      throw new CheckpointException(
          "%s: tensor '%s' has shape %s, beyond rank 8 or 2^31 - 1 elements"
              .formatted(where, info.name(), Arrays.toString(info.shape())),
          e);
    }
  }

  @Override
  Shape shapeOf(Entry entry) {
    return entry.shape;
  }

  @Override
  Tensor read(String name, Entry entry) {
    if (closed) {
      throw new IllegalStateException(
          where() + ": tensor '" + name + "' was asked for after the checkpoint was closed");
    }
    try {
      return file.read(entry.stored, DType.F32).to(Backends.current());
    } catch (TensorFileException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      file.close();
    }
  }
}
