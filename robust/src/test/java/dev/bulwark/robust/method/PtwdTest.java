package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.objective.ParameterDistance;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.objective.Term;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PtwdTest {
  private final SequenceClassifier model =
      new SequenceClassifier(
          Source.random(DType.F64, Rng.seed(3)), BertConfig.of(Tiny.config(0)), 2, 0);

  private Term term(String distance) {
    Classifier c = new Classifier(model, Tiny.tokenizer(), Tiny.config(0), Tiny.LABELS);
    Setup setup = new Setup(c, 24, 1, Rng.seed(1), Optional.empty());
    Map<String, String> set = Map.of("ptwd-weight", "2", "ptwd-distance", distance);
    return Methods.recipe("ptwd", set).tuning().apply(setup).terms().getFirst();
  }

  private Variable value(Term term) {
    TokenBatch tokens = new TokenBatch(1, 1, new int[] {2}, new int[1], new int[] {1});
    Batch batch = new Batch(tokens, new int[] {0});
    return term.of(new Step(model, batch, Context.training(Rng.seed(9))));
  }

  /** Moves all numbers, those of the head too; answers how many belong to the encoder. */
  private long move(double by) {
    long moved = 0;
    for (Parameter p : model.parameters().values()) {
      Tensor value = p.value();
      value.kernels().copy(value.plus(Tensor.scalar(by, value.dtype())), value);
      moved += ParameterDistance.isPretrained(p.name()) ? value.size() : 0;
    }
    return moved;
  }

  @ParameterizedTest
  @CsvSource({"norm", "squared"})
  void measuresHowFarTheEncoderMoved(String distance) {
    Scope.run(
        "test",
        () -> {
          Term term = term(distance);
          Gradients start = value(term).backward();
          assertTrue(
              model.parameters().values().stream()
                  .flatMap(p -> start.of(p.leaf()).stream())
                  .allMatch(g -> g.kernels().sumOfSquares(g) == 0),
              "no pull where it started");
          double squared = 0.25 * move(0.5);
          double expected = distance.equals("norm") ? Math.sqrt(squared) : squared;
          Variable value = value(term);
          assertEquals(2 * expected, value.item(), 1e-6 * expected);
          double pull = value.backward().globalNorm();
          assertEquals(distance.equals("norm") ? 2 : 4 * Math.sqrt(squared), pull, 1e-6 * pull);
        });
  }

  @Test
  void nothingPreTrainedIsRefused() {
    ParameterDistance none = new ParameterDistance(List.of(), List.of());
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, none::norm);
    assertTrue(e.toString().contains("no pre-trained parameter"), e.toString());
  }
}
