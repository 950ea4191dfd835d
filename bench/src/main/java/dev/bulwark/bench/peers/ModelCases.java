package dev.bulwark.bench.peers;

import dev.bulwark.autograd.NoGrad;
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
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Randomly weighted classifiers of real sizes on random tokens, B sequences of length S. */
final class ModelCases {
  private static final int VOCABULARY = 30_522;

  private ModelCases() {}

  private static SequenceClassifier model(String size, Rng rng) {
    BertConfig config =
        switch (size) {
          case "bert-base" -> config(768, 12, 3072);
          case "minilm" -> config(384, 6, 1536);
          default -> throw new IllegalArgumentException("no model called " + size);
        };
    return new SequenceClassifier(Source.random(DType.F32, rng), config, 2, 0.1);
  }

  private static BertConfig config(int hidden, int layers, int inner) {
    return new BertConfig(
        VOCABULARY, hidden, layers, 12, inner, Activation.GELU, 0.1, 0.1, 512, 2, 1e-12, 0);
  }

  /** A fine-tuning step with dropout 0.1: forward, backward, clipping, AdamW. */
  static Runnable step(String size, int[] s) {
    Rng rng = Rng.seed(0);
    SequenceClassifier model = model(size, rng);
    AdamWOptimizer optimizer =
        new AdamWOptimizer(model.parameters().values(), AdamWOptimizer.Settings.of(2e-5, 0.01));
    TokenBatch tokens = tokens(s, new int[0], rng);
    int[] labels = new int[s[0]];
    Arrays.setAll(labels, i -> i % 2);
    AtomicInteger number = new AtomicInteger();
    return () ->
        Scope.run(
            "step",
            () -> {
              Context context = Context.training(rng.split(number.getAndIncrement()));
              Variable loss =
                  Losses.crossEntropy(
                      model.logits(context, tokens), Tensor.of(Shape.of(s[0]), labels));
              optimizer.step(loss.backward(), 1, 1.0);
            });
  }

  /** Logits of a batch, padded if there are lengths. */
  static Runnable inference(String size, int[] s, int[] lengths) {
    Rng rng = Rng.seed(0);
    SequenceClassifier model = model(size, rng);
    TokenBatch tokens = tokens(s, lengths, rng);
    return () ->
        Scope.run(
            "inference",
            () -> NoGrad.run(() -> model.logits(Context.inference(), tokens).value().toFloats()));
  }

  private static TokenBatch tokens(int[] s, int[] lengths, Rng rng) {
    int[] ids = new int[s[0] * s[1]];
    int[] mask = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      mask[i] = lengths.length == 0 || i % s[1] < lengths[i / s[1]] ? 1 : 0;
      ids[i] = mask[i] * (1 + rng.below(i, VOCABULARY - 1));
    }
    return new TokenBatch(s[0], s[1], ids, new int[ids.length], mask);
  }
}
