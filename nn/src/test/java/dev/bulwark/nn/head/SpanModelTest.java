package dev.bulwark.nn.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Config;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SpanModelTest {
  private static final SpanModel MODEL =
      new SpanModel(
          Source.random(DType.F64, Rng.seed(1)),
          BertConfig.of(Config.bert(2, 16, 2, 32, 20, 8, 2)));

  /** One row, padded to a length. */
  private static TokenBatch row(int[] ids, int length) {
    int[] mask = new int[length];
    Arrays.fill(mask, 0, ids.length, 1);
    return new TokenBatch(1, length, Arrays.copyOf(ids, length), new int[length], mask);
  }

  private static Variable logits(TokenBatch batch) {
    Context c = Context.inference();
    Encoded encoded = MODEL.encoder().encode(c, MODEL.encoder().embed(batch), batch);
    return MODEL.logits(c, encoded);
  }

  @Test
  void startsComeBeforeEndsAndPaddingIsNowhere() {
    Scope.run(
        "test",
        () -> {
          int[] first = {3, 4, 5};
          int[] second = {6, 7, 8, 9, 10};
          TokenBatch both =
              new TokenBatch(
                  2,
                  5,
                  new int[] {3, 4, 5, 0, 0, 6, 7, 8, 9, 10},
                  new int[10],
                  new int[] {1, 1, 1, 0, 0, 1, 1, 1, 1, 1});
          Variable y = logits(both);
          assertEquals(Shape.of(4, 5), y.shape());
          double[] all = y.value().toDoubles();
          double[] alone = logits(row(first, 3)).value().toDoubles();
          double[] other = logits(row(second, 5)).value().toDoubles();
          assertArrayEquals(Arrays.copyOf(alone, 3), Arrays.copyOf(all, 3), 1e-12);
          assertArrayEquals(Arrays.copyOfRange(other, 0, 5), Arrays.copyOfRange(all, 5, 10), 1e-12);
          assertArrayEquals(
              Arrays.copyOfRange(alone, 3, 6), Arrays.copyOfRange(all, 10, 13), 1e-12);
          assertArrayEquals(
              Arrays.copyOfRange(other, 5, 10), Arrays.copyOfRange(all, 15, 20), 1e-12);
          for (int i : new int[] {3, 4, 13, 14}) {
            assertTrue(all[i] < -1e8, "logit " + all[i]);
          }
        });
  }

  @Test
  void theMeanOverAllRowsIsTheMeanOfBothEndsLosses() {
    Scope.run(
        "test",
        () -> {
          Variable y = logits(row(new int[] {3, 4, 5}, 5));
          Tensor ends = Tensor.of(Shape.of(2), 1, 2);
          double[] each = Losses.crossEntropyRows(y, ends).value().toDoubles();
          assertEquals((each[0] + each[1]) / 2, Losses.crossEntropy(y, ends).item(), 1e-12);
          assertTrue(each[0] > 0.1 && each[0] < 3, "of three positions: " + each[0]);
        });
  }
}
