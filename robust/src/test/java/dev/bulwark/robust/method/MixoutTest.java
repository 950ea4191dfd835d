package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MixoutTest {
  private final SequenceClassifier model =
      new SequenceClassifier(
          Source.random(DType.F32, Rng.seed(3)), BertConfig.of(Tiny.config(0)), 2, 0);

  private Tuning mixout(double p) {
    Classifier c = new Classifier(model, Tiny.tokenizer(), Tiny.config(0), Tiny.LABELS);
    Setup setup = new Setup(c, 24, 1, Rng.seed(1), Optional.empty());
    return Methods.recipe("mixout", Map.of("mixout-p", "" + p)).tuning().apply(setup);
  }

  private Step step() {
    TokenBatch tokens =
        new TokenBatch(
            2, 3, new int[] {2, 6, 3, 2, 12, 3}, new int[6], new int[] {1, 1, 1, 1, 1, 1});
    return new Step(model, new Batch(tokens, new int[] {1, 0}), Context.training(Rng.seed(9)));
  }

  private float[][] weights() {
    return model.parameters().values().stream()
        .map(p -> p.value().toFloats())
        .toArray(float[][]::new);
  }

  /** As after some training: every number off its start. */
  private void move() {
    for (Parameter p : model.parameters().values()) {
      Tensor value = p.value();
      value.kernels().copy(value.times(1.5).plus(Tensor.scalar(0.1, value.dtype())), value);
    }
  }

  @Test
  void theWeightsComeBackToTheBit() {
    Scope.run(
        "test",
        () -> {
          Tuning tuning = mixout(0.5);
          move();
          float[][] before = weights();
          float[][][] during = new float[1][][];
          Objective looking =
              step -> {
                during[0] = weights();
                return Methods.plain().gradients(step);
              };
          tuning.wrap(looking).gradients(step());
          assertArrayEquals(before, weights());
          int changed = 0;
          for (int i = 0; i < before.length; i++) {
            changed += Arrays.equals(before[i], during[0][i]) ? 0 : 1;
          }
          assertEquals(before.length - 2, changed, "all tensors but the classifier's two");
        });
  }

  @Test
  void theWeightsComeBackWhenTheStepFails() {
    Scope.run(
        "test",
        () -> {
          Tuning tuning = mixout(0.5);
          move();
          float[][] before = weights();
          Objective failing =
              step -> {
                throw new IllegalStateException("no");
              };
          Objective wrapped = tuning.wrap(failing);
          assertThrows(IllegalStateException.class, () -> wrapped.gradients(step()));
          assertArrayEquals(before, weights());
        });
  }

  @Test
  void withoutProbabilityItIsPlainTraining() {
    Objective plain = Methods.plain();
    assertSame(plain, mixout(0).wrap(plain));
  }

  @Test
  void aPreTrainedNumberGetsNoGradientAndTheOthersMore() {
    Scope.run(
        "test",
        () -> {
          Tuning tuning = mixout(0.75); // at the start, where mixing changes nothing but gradients
          Gradients plain = Methods.plain().gradients(step()).gradients();
          Gradients mixed = tuning.wrap(Methods.plain()).gradients(step()).gradients();
          int none = 0;
          int all = 0;
          for (Parameter p : model.parameters().values()) {
            if (!p.name().startsWith("bert.encoder.layer.1")) {
              continue;
            }
            double[] e = plain.get(p.leaf()).toDoubles();
            double[] a = mixed.get(p.leaf()).toDoubles();
            for (int i = 0; i < e.length; i++) {
              boolean kept = a[i] == 0;
              none += kept ? 1 : 0;
              all++;
              assertEquals(kept ? 0 : 4 * e[i], a[i], 1e-5, p.name());
            }
          }
          assertTrue(Math.abs(none - 0.75 * all) < 0.03 * all, none + " of " + all);
        });
  }
}
