package dev.bulwark.bench;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.layer.Activation;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Times whole fine-tuning steps of a randomly weighted BERT: forward, backward, clipping, AdamW,
 * with dropout 0.1 and no padding. One line of JSON a step, as bench/peers/torch_step.py prints.
 */
public final class StepTimes {
  private StepTimes() {}

  /**
   * Runs.
   *
   * @param args size (base or minilm), batch, length, repetitions, warm-up steps
   */
  public static void main(String[] args) {
    boolean base = args.length == 0 || args[0].equals("base");
    int batch = argument(args, 1, 16);
    int length = argument(args, 2, 128);
    int reps = argument(args, 3, 3);
    int warmup = argument(args, 4, 2);
    BertConfig config =
        base
            ? new BertConfig(30522, 768, 12, 12, 3072, Activation.GELU, 0.1, 0.1, 512, 2, 1e-12, 0)
            : new BertConfig(30522, 384, 6, 12, 1536, Activation.GELU, 0.1, 0.1, 512, 2, 1e-12, 0);
    Rng rng = Rng.seed(0);
    SequenceClassifier model =
        new SequenceClassifier(Source.random(DType.F32, rng), config, 2, 0.1);
    AdamWOptimizer optimizer =
        new AdamWOptimizer(model.parameters().values(), AdamWOptimizer.Settings.of(2e-5, 0.01));
    int[] ids = new int[batch * length];
    int[] ones = new int[ids.length];
    Arrays.setAll(ids, i -> 1 + rng.below(i, 30521));
    Arrays.fill(ones, 1);
    TokenBatch tokens = new TokenBatch(batch, length, ids, new int[ids.length], ones);
    int[] labels = new int[batch];
    Arrays.setAll(labels, i -> i % 2);
    for (int k = 0; k < warmup + reps; k++) {
      int step = k;
      long start = System.nanoTime();
      Scope.run(
          "step",
          () -> {
            Variable loss =
                Losses.crossEntropy(
                    model.logits(Context.training(rng.split(step)), tokens),
                    Tensor.of(Shape.of(batch), labels));
            optimizer.step(loss.backward(), 1, 1.0);
          });
      double ms = (System.nanoTime() - start) / 1e6;
      if (k >= warmup) {
        System.out.printf(
            Locale.ROOT,
            "{\"peer\": \"bulwark\", \"ms\": %.0f, \"peak_mib\": %d}%n",
            ms,
            peakMib());
      }
    }
  }

  private static int argument(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  /** Peak resident memory of this process as Linux counts it; 0 elsewhere. */
  static long peakMib() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(l -> l.startsWith("VmHWM:"))
          .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
