package dev.bulwark.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Golden;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TinyBert;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.text.Encoding;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fifty AdamW steps with clipping and warm-up, dropout off, against torch: losses and norms. */
public class TrajectoryTest {
  private record Labelled(TokenBatch batch, Tensor labels) {}

  @Test
  void tinyClassifierFollowsTorchInF64() throws IOException {
    followTiny(DType.F64, 1e-8);
  }

  /** On the back end of now. */
  public static void followTinyInF32() throws IOException {
    followTiny(DType.F32, 1e-4);
  }

  private static void followTiny(DType dtype, double tolerance) throws IOException {
    Golden all = Golden.tensors("tiny-trajectory-batches");
    List<Labelled> batches = new ArrayList<>();
    for (int k = 0; k < 50; k++) {
      batches.add(
          new Labelled(
              new TokenBatch(4, 11, row(all, "ids", k), row(all, "types", k), row(all, "mask", k)),
              Tensor.of(Shape.of(4), row(all, "labels", k))));
    }
    follow("tiny-trajectory.json", TinyBert.classifier(dtype), batches, tolerance);
  }

  @Test
  void miniLmFollowsTorchInF32() throws IOException {
    JsonNode golden = json("minilm-trajectory.json");
    try (Checkpoint c = Models.open("all-minilm-l6-v2")) {
      SequenceClassifier model =
          new SequenceClassifier(
              Source.of(c.encoder(), DType.F32, Rng.seed(0)),
              BertConfig.of(c.config()).withDropout(0, 0),
              2,
              0);
      startClassifierAsTheOracleDoes(model);
      Tokenizer tokenizer = c.tokenizer();
      List<Labelled> batches = new ArrayList<>();
      for (int k = 0; k < 50; k++) {
        List<Encoding> rows =
            StreamSupport.stream(golden.get("texts").get(k).spliterator(), false)
                .map(t -> tokenizer.encode(t.stringValue(), 128))
                .toList();
        int[] labels =
            StreamSupport.stream(golden.get("labels").get(k).spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
        batches.add(
            new Labelled(TokenBatch.of(rows, 0), Tensor.of(Shape.of(labels.length), labels)));
      }
      follow("minilm-trajectory.json", model, batches, 1e-4);
    }
  }

  private static void follow(
      String file, SequenceClassifier model, List<Labelled> batches, double tolerance)
      throws IOException {
    JsonNode golden = json(file);
    AdamWOptimizer optimizer =
        new AdamWOptimizer(
            model.parameters().values(),
            AdamWOptimizer.Settings.of(
                golden.get("learning_rate").doubleValue(),
                golden.get("weight_decay").doubleValue()));
    Schedule schedule =
        new Schedule(Schedule.Decay.LINEAR, golden.get("warmup").intValue(), batches.size());
    for (int k = 0; k < batches.size(); k++) {
      int step = k;
      Scope.run(
          "step",
          () -> {
            Labelled b = batches.get(step);
            Variable loss =
                Losses.crossEntropy(
                    model.logits(Context.training(Rng.seed(step)), b.batch()), b.labels());
            double value = loss.item();
            Gradients gradients = loss.backward();
            double norm =
                optimizer.step(
                    gradients, schedule.factor(step), golden.get("max_norm").doubleValue());
            double expected = golden.get("losses").get(step).doubleValue();
            assertEquals(expected, value, tolerance * expected, "loss of step " + step);
            double expectedNorm = golden.get("norms").get(step).doubleValue();
            assertEquals(expectedNorm, norm, 10 * tolerance * expectedNorm, "norm of step " + step);
          });
    }
  }

  private static void startClassifierAsTheOracleDoes(SequenceClassifier model) {
    Parameter weight = Objects.requireNonNull(model.parameters().get("classifier.weight"));
    float[] values = new float[weight.value().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.02 * Math.sin(i));
    }
    weight.value().kernels().copy(Tensor.of(weight.value().shape(), values), weight.value());
  }

  private static int[] row(Golden all, String name, int k) {
    return all.get(name).select(0, k).toInts();
  }

  private static JsonNode json(String file) throws IOException {
    try (var in = Golden.open(file)) {
      return JsonMapper.builder().build().readTree(in);
    }
  }
}
