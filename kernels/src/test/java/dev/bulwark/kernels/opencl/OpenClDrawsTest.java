package dev.bulwark.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider.Availability;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Kernels;
import org.junit.jupiter.api.Test;

/** Draws into tensors of more axes than a kernel takes: element numbers go on from part to part. */
class OpenClDrawsTest {
  private static final Rng RNG = Rng.seed(7).split("draws");

  /** A draw into a tensor. */
  private interface Draw {
    void into(Kernels kernels, Tensor y);
  }

  private static Backend openCl() {
    OpenClProvider provider = new OpenClProvider();
    Availability found = provider.probe();
    assumeTrue(found.usable(), found.reason());
    return provider.open();
  }

  /**
   * Seven axes in the reverse order: no two of them merge, so a kernel runs for each of 15 parts.
   */
  private static Tensor manyAxes(DType dtype, Backend backend) {
    Tensor y = Tensor.empty(Shape.of(2, 3, 2, 2, 3, 5, 3), dtype, backend);
    y.kernels().fill(y, 0.25);
    return y.permute(6, 5, 4, 3, 2, 1, 0);
  }

  private static void equalBits(DType dtype, Draw draw) {
    Tensor expected = manyAxes(dtype, Backends.reference());
    Tensor actual = manyAxes(dtype, openCl());
    draw.into(expected.kernels(), expected);
    draw.into(actual.kernels(), actual);
    assertArrayEquals(expected.toFloats(), actual.toFloats());
  }

  @Test
  void uniform() {
    equalBits(DType.F32, (k, y) -> k.uniform(RNG, -0.3, 0.7, y));
  }

  @Test
  void normal() {
    equalBits(DType.F32, (k, y) -> k.normal(RNG, 0.1, 2, y));
  }

  @Test
  void bernoulli() {
    equalBits(DType.F32, (k, y) -> k.bernoulli(RNG, 0.3, y));
    equalBits(DType.U8, (k, y) -> k.bernoulli(RNG, 0.3, y));
  }

  @Test
  void dropout() {
    equalBits(DType.F32, (k, y) -> k.dropout(y, 0.5, RNG, y));
  }
}
