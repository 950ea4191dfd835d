package dev.bulwark.bench;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
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
 * The products of one linear layer, forward and backward. {@code giga} is GFLOP/s.
 *
 * <p>T x N x K: BERT-base at 16 x 128 tokens (2048 x 768 x 768 and 3072), MiniLM (384 and 1536),
 * and a pooler (16 tokens).
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
public class GemmBench {
  /** Back end or device, such as "cuda:0". */
  @Param({"simd", "reference"})
  public String backend = "";

  /** Tokens x outputs x inputs. */
  @Param({
    "2048x768x768",
    "2048x3072x768",
    "2048x768x3072",
    "2048x384x384",
    "2048x1536x384",
    "16x768x768"
  })
  public String shape = "";

  private int t;
  private int n;
  private int k;
  private Tensor x;
  private Tensor w;
  private Tensor bias;
  private Tensor y;
  private Tensor dx;
  private Tensor dw;

  /** Makes the operands. */
  @Setup
  public void prepare() {
    String[] sizes = shape.split("x");
    t = Integer.parseInt(sizes[0]);
    n = Integer.parseInt(sizes[1]);
    k = Integer.parseInt(sizes[2]);
    Backend b = Backends.named(backend);
    x = Operands.random(b, "x", t, k);
    w = Operands.random(b, "w", n, k);
    bias = Operands.random(b, "bias", n);
    y = Operands.random(b, "y", t, n);
    dx = Operands.random(b, "dx", t, k);
    dw = Operands.random(b, "dw", n, k);
  }

  /** y = x wᵀ + bias. */
  @Benchmark
  public Tensor forward(Rate rate) {
    y.kernels().linear(x, w, bias, y);
    rate.add(2.0 * t * n * k);
    return Operands.finished(y);
  }

  /** dx = dy w. */
  @Benchmark
  public Tensor inputGradient(Rate rate) {
    y.kernels().gemm(1, y, w, 0, dx);
    rate.add(2.0 * t * n * k);
    return Operands.finished(dx);
  }

  /** dw = dyᵀ x. */
  @Benchmark
  public Tensor weightGradient(Rate rate) {
    y.kernels().gemm(1, y.transpose(0, 1), x, 0, dw);
    rate.add(2.0 * t * n * k);
    return Operands.finished(dw);
  }
}
