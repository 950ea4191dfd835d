package dev.bulwark.robust.train;

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

/**
 * Trains a tiny random model on a thread of its own while weights and data are read, so that the
 * compiler has seen every kernel before the first real step, which would else take seconds.
 *
 * <p>It ends with the start of a run that it listens to, when it is closed, or after {@link
 * #STEPS}. It changes no result: it shares nothing with the run but compiled code.
 */
public final class Rehearsal implements TrainListener, AutoCloseable {
  private static final int STEPS = 150; // by then everything is compiled
  private static final int BATCH = 4;
  private static final int LENGTH = 16;
  private static final int VOCABULARY = 100;
  private static final BertConfig TINY =
      new BertConfig(VOCABULARY, 64, 1, 4, 256, Activation.GELU, 0.1, 0.1, LENGTH, 2, 1e-12, 0);

  private final Thread thread = new Thread(this::train, "bulwark-rehearsal");
  private volatile boolean ended;

  private Rehearsal() {}

  /**
   * Starts one, unless there is no processor to spare.
   *
   * @return the rehearsal, to be told of the run
   */
  public static Rehearsal begin() {
    Rehearsal rehearsal = new Rehearsal();
    if (Runtime.getRuntime().availableProcessors() > 1) {
      rehearsal.thread.setDaemon(true);
      rehearsal.thread.start();
    }
    return rehearsal;
  }

  private void train() {
    Rng rng = Rng.seed(0);
    SequenceClassifier model = new SequenceClassifier(Source.random(DType.F32, rng), TINY, 2, 0.1);
    AdamWOptimizer optimizer =
        new AdamWOptimizer(model.parameters().values(), AdamWOptimizer.Settings.of(1e-5, 0.01));
    int[] ids = new int[BATCH * LENGTH];
    Arrays.setAll(ids, i -> 1 + i % (VOCABULARY - 1));
    int[] ones = new int[ids.length];
    Arrays.fill(ones, 1);
    TokenBatch batch = new TokenBatch(BATCH, LENGTH, ids, new int[ids.length], ones);
    for (int k = 0; k < STEPS && !ended; k++) {
      Context context = Context.training(rng.split(k));
      Scope.run("rehearsal", () -> {
        Tensor labels = Tensor.of(Shape.of(BATCH), 0, 1, 0, 1);
        Variable loss = Losses.crossEntropy(model.logits(context, batch), labels);
        optimizer.step(loss.backward(), 1, 1);
      });
    }
  }

  @Override
  public void onStart(Progress at) {
    close();
  }

  /** Ends it and waits for the step at hand. */
  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
