package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Map;

/** Weights somebody made or trained. */
final class MemoryWeights extends NamedWeights<Tensor> {
  MemoryWeights(String where, Map<String, Tensor> tensors) {
    super(where, tensors);
  }

  @Override
  Shape shapeOf(Tensor entry) {
    return entry.shape();
  }

  @Override
  Tensor read(String name, Tensor entry) {
    return entry;
  }
}
