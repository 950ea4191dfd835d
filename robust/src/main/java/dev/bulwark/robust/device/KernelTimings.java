package dev.bulwark.robust.device;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Times the kernels on which models spend theirs: for a first look at a device. The JMH benches
 * measure with more care.
 */
public final class KernelTimings {
  private static final int ROUNDS = 7;
  private static final double LONG_ENOUGH = 0.05; // seconds a round

  private KernelTimings() {}

  /**
   * A piece of work.
   *
   * @param name kernel and sizes
   * @param operations floating-point operations of one call
   * @param bytes bytes that one call must move at least
   * @param prepare allocates operands on the back end and gives the call
   */
  public record Work(
      String name, double operations, double bytes, Function<Backend, Runnable> prepare) {}

  /**
   * A time.
   *
   * @param name of the work
   * @param seconds of one call, median of rounds, each of many calls and one wait
   * @param gigaflops floating-point operations a second, in 10^9
   * @param gigabytes bytes a second, in 10^9
   */
  public record Timing(String name, double seconds, double gigaflops, double gigabytes) {}

  /** The usual pieces, in the sizes of BERT-base with 16 sentences of 128 tokens. */
  public static List<Work> works() {
    return List.of(
        product(2048, 768, 768),
        product(2048, 3072, 768),
        attention(16, 128, 12, 64),
        attention(4, 512, 12, 64),
        rows("softmax", 16 * 12 * 128, 128, (k, x, y) -> k.softmax(x, y)),
        layerNorm(2048, 768),
        rows("dropout", 2048, 3072, (k, x, y) -> k.dropout(x, 0.1, Rng.seed(1), y)),
        adamW(30_522 * 768));
  }

  /**
   * Times a piece of work.
   *
   * @param work what
   * @param backend where
   * @return the median time of a call
   */
  public static Timing time(Work work, Backend backend) {
    return Scope.call(
        work.name(),
        () -> {
          Runnable call = work.prepare().apply(backend);
          call.run();
          backend.synchronize();
          int calls = 1;
          while (seconds(call, calls, backend) < LONG_ENOUGH && calls < 1 << 16) {
            calls *= 2;
          }
          double[] times = new double[ROUNDS];
          for (int i = 0; i < ROUNDS; i++) {
            times[i] = seconds(call, calls, backend) / calls;
          }
          Arrays.sort(times);
          double median = times[ROUNDS / 2];
          return new Timing(
              work.name(), median, work.operations() / median / 1e9, work.bytes() / median / 1e9);
        });
  }

  private static double seconds(Runnable call, int calls, Backend backend) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      Scope.run("call", call);
    }
    backend.synchronize();
    return (System.nanoTime() - start) / 1e9;
  }

  private static Tensor random(Backend backend, int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, backend);
    t.kernels().uniform(Rng.seed(3), -1, 1, t);
    return t;
  }

  private static Work product(int m, int n, int k) {
    return new Work(
        "linear %d x %d x %d".formatted(m, n, k),
        2.0 * m * n * k,
        4.0 * ((double) m * k + (double) n * k + (double) m * n),
        b -> {
          Tensor x = random(b, m, k);
          Tensor w = random(b, n, k);
          Tensor bias = random(b, n);
          Tensor y = random(b, m, n);
          return () -> y.kernels().linear(x, w, bias, y);
        });
  }

  private static Work attention(int sequences, int length, int heads, int size) {
    int tokens = sequences * length;
    int[] offsets = new int[sequences + 1];
    Arrays.setAll(offsets, i -> i * length);
    AttentionSpec spec = new AttentionSpec(offsets, 1 / Math.sqrt(size), 0.1, Rng.seed(2));
    return new Work(
        "attention forward and backward %d x %d, %d heads of %d"
            .formatted(sequences, length, heads, size),
        14.0 * tokens * length * heads * size, // 2 products forward, 5 backward
        4.0 * 12 * tokens * heads * size,
        b -> {
          Tensor[] t = new Tensor[8]; // q, k, v, out, dOut, dq, dk, dv
          Arrays.setAll(t, i -> random(b, tokens, heads, size));
          Tensor logs = random(b, tokens, heads);
          return () -> {
            Kernels k = logs.kernels();
            k.attention(spec, t[0], t[1], t[2], null, t[3], logs);
            k.attentionGrad(spec, t[0], t[1], t[2], null, t[3], logs, t[4], t[5], t[6], t[7]);
          };
        });
  }

  /** A kernel from one matrix to another. */
  private interface RowKernel {
    void run(Kernels kernels, Tensor x, Tensor y);
  }

  private static Work rows(String name, int rows, int width, RowKernel kernel) {
    return new Work(
        "%s %d x %d".formatted(name, rows, width),
        0,
        8.0 * rows * width,
        b -> {
          Tensor x = random(b, rows, width);
          Tensor y = random(b, rows, width);
          return () -> kernel.run(y.kernels(), x, y);
        });
  }

  private static Work layerNorm(int rows, int width) {
    return new Work(
        "layer norm forward and backward %d x %d".formatted(rows, width),
        0,
        20.0 * rows * width,
        b -> {
          Tensor[] t = new Tensor[4]; // x, y, dy, dx
          Arrays.setAll(t, i -> random(b, rows, width));
          Tensor[] c = new Tensor[4]; // gain, bias and their gradients
          Arrays.setAll(c, i -> random(b, width));
          Tensor mean = random(b, rows);
          Tensor rstd = random(b, rows);
          return () -> {
            Kernels k = mean.kernels();
            k.layerNorm(t[0], c[0], c[1], 1e-12, t[1], mean, rstd);
            k.layerNormGrad(t[2], t[0], c[0], mean, rstd, t[3], c[2], c[3]);
          };
        });
  }

  private static Work adamW(int size) {
    AdamW step = new AdamW(1e-5, 0.9, 0.999, 1e-8, 0.01, 3, 1);
    return new Work(
        "AdamW %d".formatted(size),
        0,
        28.0 * size,
        b -> {
          Tensor[] t = new Tensor[4]; // parameter, gradient, moments
          Arrays.setAll(t, i -> random(b, size));
          return () -> t[0].kernels().adamW(step, t[0], t[1], t[2], t[3]);
        });
  }
}
