package dev.bulwark.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Unary;
import dev.bulwark.tensor.io.Safetensors;
import dev.bulwark.tensor.io.TensorFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The oracle against another one: values and gradients of PyTorch 2.13.0 in float64, which the two
 * compute by different formulas but to the same 15 digits.
 */
class GoldenTest {
  private static final Kernels K = Backends.reference().kernels();
  private static TensorFile file;

  @BeforeAll
  static void open() throws IOException, URISyntaxException {
    file =
        Safetensors.open(
            Path.of(
                Objects.requireNonNull(GoldenTest.class.getResource("golden.safetensors"))
                    .toURI()));
  }

  @AfterAll
  static void close() throws IOException {
    file.close();
  }

  @Test
  void knowsWhereItsValuesComeFrom() {
    assertEquals("torch 2.13.0+cpu, float64, manual_seed(0)", file.metadata().get("generator"));
  }

  @ParameterizedTest
  @EnumSource(Unary.class)
  void functionsAndTheirSlopes(Unary op) throws IOException {
    Tensor x = get("unary." + op + ".x");
    Tensor y = x.map(op);
    Tensor dx = like(x);
    K.unaryGrad(op, x, y, get("unary." + op + ".dy"), dx);
    assertClose("unary." + op + ".y", y);
    assertClose("unary." + op + ".dx", dx);
  }

  @Test
  void products() throws IOException {
    assertClose("gemm.c", get("gemm.a").matmul(get("gemm.b")));
    Tensor y = like(get("linear.y"));
    K.linear(get("linear.x"), get("linear.w"), get("linear.bias"), y);
    assertClose("linear.y", y);
  }

  @Test
  void softmaxes() throws IOException {
    Tensor y = like(get("softmax.x"));
    Tensor dx = like(y);
    K.softmax(get("softmax.x"), y);
    K.softmaxGrad(y, get("softmax.dy"), dx);
    assertClose("softmax.y", y);
    assertClose("softmax.dx", dx);
    K.logSoftmax(get("logSoftmax.x"), y);
    K.logSoftmaxGrad(y, get("logSoftmax.dy"), dx);
    assertClose("logSoftmax.y", y);
    assertClose("logSoftmax.dx", dx);
  }

  @Test
  void layerNorm() throws IOException {
    Tensor x = get("layerNorm.x");
    Tensor gain = get("layerNorm.gain");
    Tensor y = like(x);
    Tensor mean = Tensor.empty(Shape.of(4), DType.F64, Backends.reference());
    Tensor rstd = like(mean);
    K.layerNorm(x, gain, get("layerNorm.bias"), 1e-5, y, mean, rstd);
    Tensor dx = like(x);
    Tensor dGain = like(gain);
    Tensor dBias = like(gain);
    K.layerNormGrad(get("layerNorm.dy"), x, gain, mean, rstd, dx, dGain, dBias);
    assertClose("layerNorm.y", y);
    assertClose("layerNorm.dx", dx);
    assertClose("layerNorm.dGain", dGain);
    assertClose("layerNorm.dBias", dBias);
  }

  @Test
  void crossEntropy() throws IOException {
    Tensor logits = get("crossEntropy.logits");
    Tensor labels = get("crossEntropy.labels");
    Tensor losses = like(get("crossEntropy.losses"));
    Tensor dLogits = like(logits);
    K.crossEntropy(logits, labels, losses);
    K.crossEntropyGrad(logits, labels, get("crossEntropy.dLosses"), dLogits);
    assertClose("crossEntropy.losses", losses);
    assertClose("crossEntropy.dLogits", dLogits);
  }

  @Test
  void attentionOfTwoSequencesLaidEndToEnd() throws IOException {
    AttentionSpec spec = new AttentionSpec(new int[] {0, 3, 7}, 0.4, 0, Rng.seed(0));
    Tensor q = get("attention.q");
    Tensor k = get("attention.k");
    Tensor v = get("attention.v");
    Tensor bias = get("attention.keyBias");
    Tensor out = like(q);
    Tensor logSums = like(get("attention.logSums"));
    K.attention(spec, q, k, v, bias, out, logSums);
    Tensor dq = like(q);
    Tensor dk = like(q);
    Tensor dv = like(q);
    K.attentionGrad(spec, q, k, v, bias, out, logSums, get("attention.dOut"), dq, dk, dv);
    assertClose("attention.out", out);
    assertClose("attention.logSums", logSums);
    assertClose("attention.dq", dq);
    assertClose("attention.dk", dk);
    assertClose("attention.dv", dv);
  }

  @Test
  void threeStepsOfAdamW() throws IOException {
    Tensor p = get("adamW.p0").copy();
    Tensor m = Tensor.zeros(p.shape(), DType.F64);
    Tensor v = Tensor.zeros(p.shape(), DType.F64);
    for (int step = 1; step <= 3; step++) {
      K.adamW(new AdamW(0.01, 0.85, 0.98, 1e-6, 0.1, step, 1), p, get("adamW.g" + step), m, v);
      assertClose("adamW.p" + step, p);
    }
    assertClose("adamW.m", m);
    assertClose("adamW.v", v);
  }

  @Test
  void orderAndIndices() throws IOException {
    Tensor x = get("order.x");
    Tensors.Ordered sorted = Tensors.sort(x, false);
    assertClose("order.sorted", sorted.values());
    assertClose("order.indices", sorted.indices());
    assertClose("order.cumsum0", Tensors.cumulativeSum(x, 0));
    assertClose("order.argmax", Tensors.argMax(x));
    Tensor index = get("index.index");
    assertClose("index.gather0", Tensors.gather(get("index.x"), 0, index));
    Tensor sums = Tensor.zeros(Shape.of(3, 4), DType.F64);
    K.scatterAdd(get("index.x"), 0, index, sums);
    assertClose("index.scatter0", sums);
  }

  @Test
  void halvesRoundToNearestEven() throws IOException {
    Tensor x = get("halves.f32");
    for (DType t : new DType[] {DType.F16, DType.BF16}) {
      Tensor expected = get(t == DType.F16 ? "halves.f16" : "halves.bf16");
      short[] bits = x.cast(t).heap().shorts();
      for (int i = 0; i < x.size(); i++) {
        assertEquals(expected.heap().shorts()[i], bits[i], t + " of " + x.toFloats()[i]);
      }
    }
  }

  private static Tensor get(String name) throws IOException {
    return file.read(name);
  }

  private static Tensor like(Tensor t) {
    return Tensor.empty(t.shape(), t.dtype(), Backends.reference());
  }

  private static void assertClose(String name, Tensor actual) throws IOException {
    Tensor expected = get(name);
    assertEquals(expected.shape(), actual.shape(), name);
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 2e-14 * scale(expected), name);
  }

  private static double scale(Tensor t) {
    double largest = 1;
    for (double v : t.toDoubles()) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }
}
