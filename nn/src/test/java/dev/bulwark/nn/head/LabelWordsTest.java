package dev.bulwark.nn.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.head.LabelWords.Pool;
import dev.bulwark.nn.layer.Activation;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelWordsTest {
  private static LabelWords words(Pool overWords, Pool overTemplates) {
    return new LabelWords(List.of(7, 5, 6), List.of(0, 1, 0), overWords, 2, overTemplates);
  }

  private static double[] pooled(LabelWords words) {
    Variable u = Variable.constant(Tensor.of(Shape.of(2, 3), new double[] {1, 5, 3, 4, -2, 0}));
    return words.perExample(words.perClass(u)).value().toDoubles();
  }

  @Test
  void poolsOverWordsThenTemplates() {
    Scope.run(
        "test",
        () -> {
          assertArrayEquals(new double[] {3.5, 1.5}, pooled(words(Pool.MAX, Pool.MEAN)));
          assertArrayEquals(new double[] {2, 5}, pooled(words(Pool.MEAN, Pool.MAX)));
          assertArrayEquals(new double[] {4, 5}, pooled(words(Pool.MAX, Pool.MAX)));
        });
  }

  @Test
  void whatMakesNoClassifierIsRefused() {
    String gap = refusal(List.of(1, 2), List.of(0, 2), 1);
    assertTrue(gap.contains("class 1 has no label word"), gap);
    String size = refusal(List.of(1), List.of(0, 1), 1);
    assertTrue(size.contains("1 label words with 2 classes"), size);
    String none = refusal(List.of(1, 2), List.of(0, 1), 0);
    assertTrue(none.contains("0 templates"), none);
    Variable odd = Variable.constant(Tensor.zeros(Shape.of(3, 2), DType.F32));
    assertThrows(IllegalArgumentException.class, () -> words(Pool.MAX, Pool.MEAN).perExample(odd));
  }

  private static String refusal(List<Integer> ids, List<Integer> classes, int templates) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new LabelWords(ids, classes, Pool.MAX, templates, Pool.MEAN))
        .toString();
  }

  @Test
  void onlyTheLabelWordsAreScoredAndTheirScoresAreTheWholeHeads() {
    Scope.run(
        "test",
        () -> {
          BertConfig config =
              new BertConfig(61, 24, 2, 4, 36, Activation.GELU, 0, 0, 20, 2, 1e-12, 0);
          MaskedLm lm = new MaskedLm(Source.random(DType.F64, Rng.seed(2)), config);
          PromptClassifier model = new PromptClassifier(lm, words(Pool.MAX, Pool.MEAN));
          int[] ids = {9, 4, 8, 3, 9, 8, 4, 3};
          int[] ones = new int[8];
          Arrays.fill(ones, 1);
          TokenBatch batch = new TokenBatch(2, 4, ids, new int[8], ones);
          Context c = Context.inference();
          Encoded e = model.encoder().encode(c, model.encoder().embed(batch), batch);
          int[] focus = {1, 2};
          double[] all = lm.logits(e.at(focus)).value().toDoubles();
          Variable some = model.candidates(e, focus);
          assertArrayEquals(
              new double[] {all[7], all[5], all[6], all[61 + 7], all[61 + 5], all[61 + 6]},
              some.value().toDoubles(),
              1e-12);
          Gradients g = model.logits(c, e, focus).sum().backward();
          Parameter bias = lm.parameters().get("cls.predictions.bias");
          double[] onBias = bias == null ? new double[0] : g.get(bias.leaf()).toDoubles();
          assertEquals(2, Arrays.stream(onBias).sum(), 1e-12);
          assertEquals(1, onBias[5], 1e-12);
        });
  }
}
