package dev.bulwark.kernels.cuda;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Unary;

/** A training step in small: up, two layers, loss, gradients, new weights, down. */
final class TinyStep {
  private static final int ROWS = 6;
  private static final int INPUTS = 5;
  private static final int HIDDEN = 7;
  private static final int CLASSES = 3;
  private static final double RATE = -0.1;

  private final Backend backend;
  private final Kernels kernels;

  private TinyStep(Backend backend) {
    this.backend = backend;
    this.kernels = backend.kernels();
  }

  /** The weights of the second layer after one step. */
  static float[] run(Backend backend) {
    return Backends.with(backend, () -> new TinyStep(backend).step());
  }

  private float[] step() {
    Tensor x = numbers(ROWS, INPUTS);
    Tensor w = numbers(HIDDEN, INPUTS);
    Tensor v = numbers(CLASSES, HIDDEN);
    Tensor labels = Tensor.of(Shape.of(ROWS), 0, 1, 2, -100, 1, 0);

    Tensor h = empty(ROWS, HIDDEN);
    kernels.linear(x, w, null, h);
    Tensor a = empty(ROWS, HIDDEN);
    kernels.unary(Unary.GELU, h, a);
    Tensor logits = empty(ROWS, CLASSES);
    kernels.linear(a, v, null, logits);
    Tensor losses = empty(ROWS);
    kernels.crossEntropy(logits, labels, losses);

    Tensor ones = empty(ROWS);
    kernels.fill(ones, 1);
    Tensor dLogits = empty(ROWS, CLASSES);
    kernels.crossEntropyGrad(logits, labels, ones, dLogits);
    Tensor da = empty(ROWS, HIDDEN);
    kernels.gemm(1, dLogits, v, 0, da);
    Tensor dh = empty(ROWS, HIDDEN);
    kernels.unaryGrad(Unary.GELU, h, a, da, dh);
    Tensor dv = empty(CLASSES, HIDDEN);
    kernels.gemm(1, dLogits.transpose(0, 1), a, 0, dv);
    Tensor dw = empty(HIDDEN, INPUTS);
    kernels.gemm(1, dh.transpose(0, 1), x, 0, dw);

    kernels.addScaled(dw, RATE, w);
    kernels.addScaled(dv, RATE, v);
    if (!kernels.allFinite(w)) {
      throw new AssertionError("weights are not finite");
    }
    return v.toFloats();
  }

  private Tensor empty(int... dims) {
    return Tensor.empty(Shape.of(dims), DType.F32, backend);
  }

  private static Tensor numbers(int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 1.7 + rows);
    }
    return Tensor.of(Shape.of(rows, columns), values);
  }
}
