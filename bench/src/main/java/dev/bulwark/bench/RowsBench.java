package dev.bulwark.bench;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Reduce;
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

/** Kernels over rows. {@code giga} is billions of elements per second. */
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
public class RowsBench {
  /** Back end or device, such as "cuda:0". */
  @Param({"simd", "reference"})
  public String backend = "";

  private Tensor scores;
  private Tensor probabilities;
  private Tensor dScores;
  private Tensor hidden;
  private Tensor normal;
  private Tensor dHidden;
  private Tensor gain;
  private Tensor bias;
  private Tensor mean;
  private Tensor rstd;
  private Tensor dGain;
  private Tensor dBias;
  private Tensor columnSums;
  private Tensor table;
  private Tensor ids;
  private Tensor labels;
  private Tensor losses;

  /** Makes scores of 16 x 12 x 128 queries and hidden states of 2048 tokens. */
  @Setup
  public void prepare() {
    Backend b = Backends.named(backend);
    scores = Operands.random(b, "scores", 24_576, 128);
    probabilities = Operands.random(b, "probabilities", 24_576, 128);
    dScores = Operands.random(b, "dScores", 24_576, 128);
    hidden = Operands.random(b, "hidden", 2048, 768);
    normal = Operands.random(b, "normal", 2048, 768);
    dHidden = Operands.random(b, "dHidden", 2048, 768);
    gain = Operands.random(b, "gain", 768);
    bias = Operands.random(b, "bias", 768);
    mean = Operands.random(b, "mean", 2048);
    rstd = Operands.random(b, "rstd", 2048);
    dGain = Operands.random(b, "dGain", 768);
    dBias = Operands.random(b, "dBias", 768);
    columnSums = Operands.random(b, "columnSums", 1, 768);
    table = Operands.random(b, "table", 30_522, 768);
    ids = numbers(2048, 30_522);
    labels = numbers(24_576, 128);
    losses = Operands.random(b, "losses", 24_576);
  }

  /** Softmax of rows of 128. */
  @Benchmark
  public Tensor softmax(Rate rate) {
    scores.kernels().softmax(scores, probabilities);
    rate.add(scores.size());
    return Operands.finished(probabilities);
  }

  /** Its gradient. */
  @Benchmark
  public Tensor softmaxGradient(Rate rate) {
    scores.kernels().softmaxGrad(probabilities, scores, dScores);
    rate.add(scores.size());
    return Operands.finished(dScores);
  }

  /** Layer norm of rows of 768. */
  @Benchmark
  public Tensor layerNorm(Rate rate) {
    hidden.kernels().layerNorm(hidden, gain, bias, 1e-12, normal, mean, rstd);
    rate.add(hidden.size());
    return Operands.finished(normal);
  }

  /** Its three gradients. */
  @Benchmark
  public Tensor layerNormGradient(Rate rate) {
    hidden.kernels().layerNormGrad(normal, hidden, gain, mean, rstd, dHidden, dGain, dBias);
    rate.add(hidden.size());
    return Operands.finished(dHidden);
  }

  /** The gradient of a bias: 2048 rows added up. */
  @Benchmark
  public Tensor columnSums(Rate rate) {
    hidden.kernels().reduce(Reduce.SUM, hidden, columnSums);
    rate.add(hidden.size());
    return Operands.finished(columnSums);
  }

  /** Word vectors of 2048 tokens. */
  @Benchmark
  public Tensor embedding(Rate rate) {
    table.kernels().gatherRows(table, ids, normal);
    rate.add(normal.size());
    return Operands.finished(normal);
  }

  /** Their gradient. */
  @Benchmark
  public Tensor embeddingGradient(Rate rate) {
    table.kernels().scatterAddRows(hidden, ids, table);
    rate.add(hidden.size());
    return Operands.finished(table);
  }

  /** Cross-entropy of rows of 128. */
  @Benchmark
  public Tensor crossEntropy(Rate rate) {
    scores.kernels().crossEntropy(scores, labels, losses);
    rate.add(scores.size());
    return Operands.finished(losses);
  }

  /** Its gradient. */
  @Benchmark
  public Tensor crossEntropyGradient(Rate rate) {
    scores.kernels().crossEntropyGrad(scores, labels, losses, dScores);
    rate.add(scores.size());
    return Operands.finished(dScores);
  }

  private Tensor numbers(int count, int bound) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> Rng.seed(5).below(i, bound));
    return Tensor.of(Shape.of(count), numbers).to(Backends.named(backend));
  }
}
