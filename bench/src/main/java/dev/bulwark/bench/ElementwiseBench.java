package dev.bulwark.bench;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Unary;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Elementwise kernels over the inner activations of BERT-base (2048 x 3072). {@code giga} is
 * billions of elements per second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseTransparentHugePages"
    })
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ElementwiseBench {
  /** Back end or device, such as "cuda:0". */
  @Param({"simd", "reference"})
  public String backend = "";

  private Tensor x;
  private Tensor d;
  private Tensor y;
  private Tensor row;

  /** Makes the operands. */
  @Setup
  public void prepare() {
    Backend b = Backends.named(backend);
    x = Operands.random(b, "x", 2048, 3072);
    d = Operands.random(b, "d", 2048, 3072);
    y = Operands.random(b, "y", 2048, 3072);
    row = Operands.random(b, "row", 3072);
  }

  /** GELU. */
  @Benchmark
  public Tensor gelu(Rate rate) {
    return unary(Unary.GELU, rate);
  }

  /** Gradient of GELU. */
  @Benchmark
  public Tensor geluGradient(Rate rate) {
    x.kernels().unaryGrad(Unary.GELU, x, x, d, y);
    rate.add(x.size());
    return Operands.finished(y);
  }

  /** Exponential. */
  @Benchmark
  public Tensor exp(Rate rate) {
    return unary(Unary.EXP, rate);
  }

  /** Hyperbolic tangent. */
  @Benchmark
  public Tensor tanh(Rate rate) {
    return unary(Unary.TANH, rate);
  }

  /** Sum of two. */
  @Benchmark
  public Tensor add(Rate rate) {
    x.kernels().binary(Binary.ADD, x, d, y);
    rate.add(x.size());
    return Operands.finished(y);
  }

  /** A row added to each row. */
  @Benchmark
  public Tensor addRow(Rate rate) {
    x.kernels().binary(Binary.ADD, x, row, y);
    rate.add(x.size());
    return Operands.finished(y);
  }

  /** Dropout. */
  @Benchmark
  public Tensor dropout(Rate rate) {
    x.kernels().dropout(x, 0.1, Rng.seed(3), y);
    rate.add(x.size());
    return Operands.finished(y);
  }

  private Tensor unary(Unary op, Rate rate) {
    x.kernels().unary(op, x, y);
    rate.add(x.size());
    return Operands.finished(y);
  }
}
