package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Map;

/** Weights that are read from mapped files. */
final class StoredWeights extends NamedWeights<StoredTensor> {
  StoredWeights(String where, Map<String, StoredTensor> entries) {
    super(where, entries);
  }

  @Override
  Shape shapeOf(StoredTensor entry) {
    return entry.outShape();
  }

  @Override
  Tensor read(String name, StoredTensor entry) {
    if (!entry.bytes().scope().isAlive()) {
      throw new IllegalStateException(
          where() + ": tensor '" + name + "' was asked for after the checkpoint was closed");
    }
    try {
      if (!entry.isIntact()) {
        throw CheckpointException.at(
            where(),
            "tensor '%s' is damaged: its bytes do not have the checksum CRC-32C %08x"
                .formatted(name, entry.crc32c()));
      }
      return entry.read();
    } catch (InternalError e) {
      // What the JVM makes of a page that is no longer there.
      throw new CheckpointException(
          where() + ": the file was cut short while tensor '" + name + "' was being read", e);
    }
  }
}
