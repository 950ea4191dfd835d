package dev.bulwark.robust.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Padding;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.Bert;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.robust.Tiny;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordHullTest {
  private static final TokenBatch TOKENS =
      new TokenBatch(2, 3, new int[] {2, 6, 3, 2, 3, 0}, new int[6], new int[] {1, 1, 1, 1, 1, 0});
  private static final WordHull HULL =
      WordHull.of(TOKENS, new int[][] {{2}, {6, 7, 8}, {3}, {2}, {3}, {0}}, 10);

  private static Tensor free(long seed) {
    return HullSearch.start(HULL, DType.F64, Draws.of(Rng.seed(seed))).times(3);
  }

  @Test
  void theWeightsOfAPositionAddUpToOneAndEmptySlotsHaveNone() {
    Tensor mask = HULL.mask(DType.F64);
    Variable logits = WordHull.logits(Variable.constant(free(1)), mask);
    double[] w = WordHull.weights(logits).value().toDoubles();
    double[] entropy = WordHull.entropy(logits).value().toDoubles();
    for (int i = 0; i < 6; i++) {
      double sum = 0;
      for (int k = 0; k < 10; k++) {
        sum += w[i * 10 + k];
        assertEquals(mask.toDoubles()[i * 10 + k] != 0, w[i * 10 + k] > 1e-100);
      }
      assertEquals(1, sum, 1e-12);
      assertTrue(i == 1 ? entropy[i] > 0.01 : entropy[i] < 1e-12, "entropy " + entropy[i]);
    }
  }

  @Test
  void onlySlotsInUseAreComputedAndPaddingMakesNoDifference() {
    Scope.run(
        "test",
        () -> {
          Bert bert =
              new Bert(
                  Source.random(DType.F32, Rng.seed(3)).under("bert"),
                  BertConfig.of(Tiny.config(0)));
          Variable weights =
              WordHull.weights(WordHull.logits(Variable.constant(free(2)), HULL.mask(DType.F64)));
          Variable w = Variable.constant(weights.value().cast(DType.F32));
          Context packed = Context.inference();
          Context padded = packed.withPadding(Padding.masked(-10000));
          List<Variable> columns = HULL.columns(bert, packed);
          assertEquals(3, columns.size());
          float[] real = HULL.point(w, columns, packed).value().toFloats();
          float[] all = HULL.point(w, HULL.columns(bert, padded), padded).value().toFloats();
          assertEquals(6 * 32, all.length);
          assertArrayEquals(real, Arrays.copyOf(all, 5 * 32));
        });
  }

  @Test
  void thePointOfOneWordIsThatWord() {
    Tensor onSecond = HULL.mask(DType.F64).copy();
    double[] w = onSecond.toDoubles();
    w[10] = 0;
    w[12] = 0;
    Tensor weights = Tensor.of(HULL.shape(), w);
    assertArrayEquals(new int[] {2, 7, 3, 2, 3, 0}, HULL.text(weights));
  }

  @Test
  void aHullWithoutSynonymsHasNoChoice() {
    assertTrue(HULL.hasChoice());
    assertFalse(WordHull.of(TOKENS, new int[][] {{2}, {6, 7}, {3}, {2}, {3}, {0}}, 1).hasChoice());
  }

  @Test
  void sizesThatDoNotAgreeAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new WordHull(TOKENS, 2, new int[12], new int[11]));
    assertTrue(e.toString().contains("12 candidates and a mask of 11"), e.toString());
  }
}
