package dev.bulwark.bench;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
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
 * An optimiser step over 7 million parameters, the size of a layer of BERT-base. {@code giga} is
 * billions of parameters per second.
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
public class AdamWBench {
  /** Back end or device, such as "cuda:0". */
  @Param({"simd", "reference"})
  public String backend = "";

  private static final AdamW STEP = new AdamW(1e-5, 0.9, 0.999, 1e-8, 0.01, 3, 1);

  private Tensor parameter;
  private Tensor gradient;
  private Tensor moment1;
  private Tensor moment2;

  /** Makes the operands. */
  @Setup
  public void prepare() {
    Backend b = Backends.named(backend);
    parameter = Operands.random(b, "parameter", 7_090_000);
    gradient = Operands.random(b, "gradient", 7_090_000);
    moment1 = Operands.random(b, "moment1", 7_090_000);
    moment2 = Operands.random(b, "moment2", 7_090_000).map(Unary.SQUARE);
  }

  /** The step. */
  @Benchmark
  public Tensor step(Rate rate) {
    parameter.kernels().adamW(STEP, parameter, gradient, moment1, moment2);
    rate.add(parameter.size());
    return Operands.finished(parameter);
  }

  /** The norm of the gradient, for clipping. */
  @Benchmark
  public double squaredNorm(Rate rate) {
    rate.add(gradient.size());
    return gradient.kernels().sumOfSquares(gradient);
  }
}
