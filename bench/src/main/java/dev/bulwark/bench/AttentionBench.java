package dev.bulwark.bench;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import java.util.Arrays;
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
 * Attention of a layer over sequences of one length. {@code giga} is GFLOP/s of the products.
 *
 * <p>B x S x A x D: BERT-base and MiniLM at 16 x 128, long sequences, and the sentences of SST-2.
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
public class AttentionBench {
  /** Back end or device, such as "cuda:0". */
  @Param({"simd", "reference"})
  public String backend = "";

  /** Sequences x length x heads x size of a head. */
  @Param({"16x128x12x64", "16x128x12x32", "4x512x12x64", "32x26x12x32"})
  public String shape = "";

  /** Dropout of the probabilities. */
  @Param({"0", "0.1"})
  public double dropout;

  private double products;
  private AttentionSpec spec;
  private Tensor qkv;
  private Tensor gradients;
  private Tensor keyBias;
  private Tensor out;
  private Tensor logSums;
  private Tensor dOut;

  /** Makes the operands; q, k and v lie packed, as one product writes them. */
  @Setup
  public void prepare() {
    int[] sizes = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
    int tokens = sizes[0] * sizes[1];
    int[] offsets = new int[sizes[0] + 1];
    Arrays.setAll(offsets, i -> i * sizes[1]);
    spec = new AttentionSpec(offsets, 1 / Math.sqrt(sizes[3]), dropout, Rng.seed(2));
    products = 4.0 * tokens * sizes[1] * sizes[2] * sizes[3];
    Backend b = Backends.named(backend);
    qkv = Operands.random(b, "qkv", tokens, 3, sizes[2], sizes[3]);
    gradients = Operands.random(b, "gradients", tokens, 3, sizes[2], sizes[3]);
    keyBias = Operands.random(b, "bias", tokens);
    out = Operands.random(b, "out", tokens, sizes[2], sizes[3]);
    logSums = Operands.random(b, "logSums", tokens, sizes[2]);
    dOut = Operands.random(b, "dOut", tokens, sizes[2], sizes[3]);
    forward(new Rate());
  }

  /** Two products and a softmax. */
  @Benchmark
  public Tensor forward(Rate rate) {
    out.kernels()
        .attention(
            spec, qkv.select(1, 0), qkv.select(1, 1), qkv.select(1, 2), keyBias, out, logSums);
    rate.add(products);
    return Operands.finished(out);
  }

  /** Five products, with the probabilities recomputed. */
  @Benchmark
  public Tensor backward(Rate rate) {
    out.kernels()
        .attentionGrad(
            spec,
            qkv.select(1, 0),
            qkv.select(1, 1),
            qkv.select(1, 2),
            keyBias,
            out,
            logSums,
            dOut,
            gradients.select(1, 0),
            gradients.select(1, 1),
            gradients.select(1, 2));
    rate.add(2.5 * products);
    return Operands.finished(gradients);
  }
}
