package dev.bulwark.robust.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.data.InputRow;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.robust.perturb.LayerNoise;
import dev.bulwark.robust.perturb.TokenMask;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is masked, and how many tokens are drawn, for long and short texts. */
class TwoStepVoteTest {
  private static final String LONG = "the film was a very good story and it is of the movie";
  private static final String SHORT = "good film";

  private static TwoStepVote steps(int masks) {
    SequenceClassifier model =
        new SequenceClassifier(
            Source.random(DType.F32, Rng.seed(3)), BertConfig.of(Tiny.config(0)), 2, 0);
    return new TwoStepVote(
        new NoisyModel(model, 0, new LayerNoise(0.1, 1)),
        new TokenMask(Tiny.tokenizer().maskId()),
        masks,
        5,
        8,
        new Vote(0.98, Vote.Kind.AVG));
  }

  /** Draws that keep what was asked for. */
  private static final class Watched implements Draws {
    private final Draws inner = Draws.of(Rng.seed(4));
    private final List<String> asked = new ArrayList<>();

    @Override
    public Tensor uniform(String name, Shape shape, DType dtype, double low, double high) {
      return inner.uniform(name, shape, dtype, low, high);
    }

    @Override
    public Tensor normal(String name, Shape shape, DType dtype) {
      return inner.normal(name, shape, dtype);
    }

    @Override
    public void dropout(String name, Tensor x, double p) {
      inner.dropout(name, x, p);
    }

    @Override
    public int[] below(String name, int count, int bound) {
      asked.add(count + " of " + bound);
      return inner.below(name, count, bound);
    }

    @Override
    public int[] permutation(String name, int n) {
      return inner.permutation(name, n);
    }
  }

  private static List<NoisyRow> text(String text, Draws draws) {
    InputRow row = InputEncoder.plain(Tiny.tokenizer(), 24).rows(text, null).getFirst();
    return List.of(new NoisyRow(row, draws, ""));
  }

  private static int masksOf(List<NoisyRow> text) {
    int mask = Tiny.tokenizer().maskId();
    return (int) IntStream.of(text.getFirst().row().ids()).filter(id -> id == mask).count();
  }

  @Test
  void aLongTextIsMaskedAsOftenAsAskedAndAShortOneAtMostOnce() {
    Draws draws = Draws.of(Rng.seed(4));
    List<List<NoisyRow>> texts = List.of(text(LONG, draws), text(SHORT, draws));
    int[][][] candidates = steps(2).candidates(texts, "saliency");
    assertTrue(candidates[0][0].length >= 3 && candidates[0][0].length <= 5);
    assertTrue(candidates[1][0].length <= 1);
    List<List<NoisyRow>> masked = steps(2).masked(texts);
    assertEquals(2, masksOf(masked.get(0)));
    assertEquals(candidates[1][0].length, masksOf(masked.get(1)));
    assertEquals(0, masksOf(steps(0).masked(texts).getFirst()));
    assertEquals(
        candidates[0][0].length, masksOf(steps(9).masked(texts).getFirst()), "9 is as many as fit");
  }

  @Test
  void theSecondStepDrawsTokensWithReplacementAndOneWhereThereAreTooFew() {
    Watched draws = new Watched();
    List<List<NoisyRow>> texts = List.of(text(LONG, draws));
    int found = steps(2).candidates(texts, "resaliency")[0][0].length;
    steps(2).secondStep(texts);
    steps(9).secondStep(texts);
    assertEquals(List.of("16 of " + found, "8 of " + found), draws.asked);
  }

  @Test
  void aTextWithoutACandidateStaysUnmaskedAndIsPredicted() {
    Watched draws = new Watched();
    List<List<NoisyRow>> texts = List.of(text("", draws)); // [CLS] [SEP]
    TwoStepVote steps = steps(2);
    assertEquals(0, steps.candidates(texts, "saliency")[0][0].length);
    assertArrayEquals(
        texts.getFirst().getFirst().row().ids(),
        steps.masked(texts).getFirst().getFirst().row().ids());
    assertEquals(8, steps.secondStep(texts)[0].length);
    assertEquals(List.of(), draws.asked);
    assertEquals(2, steps.predict(texts)[0].length);
  }
}
